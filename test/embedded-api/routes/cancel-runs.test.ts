import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import type { NewRun } from '../../../src/embedded-api/model/run.ts';
import { type RunningApi, runId, runningApi } from '../running-api.ts';

const AGENT = 'agent-00000000-0000-4000-8000-00000000000a';
const OTHER_AGENT = 'agent-00000000-0000-4000-8000-00000000000b';
const NOW = new Date('2026-11-20T17:00:00.250Z');
const CREATED = '2026-11-20T16:59:50Z';
const ENDED = '2026-11-20T16:59:55.000001';

/** What one run is before and after, where it changes, and what is said of it. */
interface Row {
  readonly name: string;
  readonly run: Partial<NewRun>;
  readonly told: 'cancelled' | 'failed';
  readonly after: object;
}

const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };
const NOW_ENDED = { ...CANCELLED, completed_at: '2026-11-20T17:00:00.250000' };
const HOOK = 'https://hooks.example.com/x';

const ROWS: readonly Row[] = [
  { name: 'created', run: {}, told: 'cancelled', after: NOW_ENDED },
  { name: 'running', run: { status: 'running', background: true }, told: 'cancelled', after: NOW_ENDED },
  {
    name: 'completed',
    run: { status: 'completed', stop_reason: 'end_turn', completed_at: ENDED },
    told: 'cancelled',
    after: {},
  },
  {
    name: 'failed',
    run: { status: 'failed', stop_reason: 'error', completed_at: ENDED },
    told: 'cancelled',
    after: {},
  },
  {
    name: 'cancelled',
    run: { status: 'cancelled', stop_reason: 'cancelled', completed_at: ENDED },
    told: 'cancelled',
    after: {},
  },
  {
    name: 'running with a stop reason',
    run: { status: 'running', stop_reason: 'end_turn' },
    told: 'cancelled',
    after: {},
  },
  {
    name: 'failed for no reason',
    run: { status: 'failed', completed_at: ENDED },
    told: 'cancelled',
    after: CANCELLED,
  },
  {
    name: 'waiting for approval',
    run: { status: 'completed', stop_reason: 'requires_approval', completed_at: ENDED },
    told: 'cancelled',
    after: CANCELLED,
  },
  {
    name: 'running without metrics',
    run: { status: 'running', lacks_metrics: true },
    told: 'failed',
    after: NOW_ENDED,
  },
  {
    name: 'running with a callback and no metadata',
    run: { callback_url: HOOK },
    told: 'failed',
    after: NOW_ENDED,
  },
  {
    name: 'running with a callback',
    run: { callback_url: HOOK, metadata: {} },
    told: 'cancelled',
    after: { ...NOW_ENDED, callback_sent_at: '2026-11-20T17:00:00.250000', callback_status_code: 200 },
  },
  {
    name: 'a row that Letta refuses',
    run: { status: 'running', metadata: 'text' },
    told: 'failed',
    after: {},
  },
];

async function cancel(api: RunningApi, body: unknown, agent = AGENT, headers = {}) {
  return api.json(`/v1/agents/${agent}/messages/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

function openApi(runs: readonly Partial<NewRun>[]): Promise<RunningApi> {
  const rows = runs.map((run, at) => ({ id: runId(at + 1), agent_id: AGENT, created_at: CREATED, ...run }));
  return runningApi(rows, { now: () => NOW });
}

const ids = (...numbers: readonly number[]): object => ({ run_ids: numbers.map(runId) });

test.each(ROWS)('a run that is $name is told $told', async ({ run, told, after }) => {
  await using api = await openApi([run]);
  const [before] = api.store.list({
    organizationId: DEFAULT_ACTOR.organizationId,
    ascending: true,
    limit: 1,
  });
  const wire = async () => (await api.json(`/v1/runs/${runId(1)}`)).body;
  const first = await wire();
  expect(await cancel(api, ids(1))).toEqual({ status: 200, body: { [runId(1)]: told } });
  const second = await wire();
  expect(second).toEqual(run.metadata === 'text' ? first : { ...Object(first), ...after });
  const isChanged = Object.keys(after).length > 0;
  const [kept] = api.store.list({ organizationId: DEFAULT_ACTOR.organizationId, ascending: true, limit: 1 });
  const hasMetrics = isChanged && run.lacks_metrics !== true;
  expect(kept?.run_ns).toBe(hasMetrics ? 10_250_000_000n : null);
  expect(kept?.total_duration_ns).toBe(before?.total_duration_ns);
});

test('the steps of a run are counted, at most 50, and the agent tells of it', async () => {
  await using api = await openApi([{ status: 'running' }, { status: 'running' }]);
  const agent = { id: AGENT, name: 'Desk', created_at: CREATED, updated_at: CREATED, llm_config: LLM };
  api.store.agents.insert([agent]);
  const step = (run: number, at: number) => ({
    id: `step-${run}-${at}`,
    run_id: runId(run),
    created_at: CREATED,
  });
  api.store.steps.insert(Array.from({ length: 70 }, (_, at) => step(1, at)));
  api.store.steps.insert([step(2, 0)]);
  await cancel(api, ids(1, 2));
  const counts = [1, 2].map((run) => api.store.retrieve(runId(run), DEFAULT_ACTOR.organizationId)?.num_steps);
  expect(counts).toEqual([50n, 1n]);
  expect(api.store.agents.find(AGENT)).toMatchObject({
    last_stop_reason: 'cancelled',
    updated_at: '2026-11-20T17:00:00.250000Z',
  });
});

const LLM = { model: 'm', model_endpoint_type: 'openai', context_window: 1000 };

test('an agent that Letta cannot read keeps its runs from being cancelled', async () => {
  await using api = await openApi([{ status: 'running' }]);
  api.store.agents.insert([{ id: AGENT, name: 'Desk', created_at: CREATED, updated_at: CREATED }]);
  expect((await cancel(api, {})).body).toEqual({ [runId(1)]: 'failed' });
  expect(await api.ids('active=true')).toEqual([runId(1)]);
});

test('a call that waits for approval is denied', async () => {
  await using api = await openApi([ROWS.find(({ name }) => name === 'waiting for approval')?.run ?? {}]);
  const call = { id: 'call_1', type: 'function', function: { name: 'refund', arguments: '{}' } };
  api.store.messages.insert([
    {
      id: 'message-00000001',
      role: 'approval',
      agent_id: AGENT,
      run_id: runId(1),
      step_id: 'step-1',
      created_at: CREATED,
      content: [],
      tool_calls: [call],
    },
  ]);
  await cancel(api, ids(1));
  const { body } = await api.json(`/v1/runs/${runId(1)}/messages`);
  const reason = 'The user cancelled the request, so the tool call was denied.';
  expect(body).toMatchObject([
    { message_type: 'approval_request_message' },
    {
      message_type: 'approval_response_message',
      approve: false,
      approval_request_id: 'call_1',
      step_id: null,
      reason,
    },
    {
      message_type: 'tool_return_message',
      tool_call_id: 'call_1',
      status: 'error',
      step_id: 'step-1',
      tool_return: `Error: request to call tool denied. User reason: ${reason}`,
    },
  ]);
});

test('several runs have an entry each, in order; those that cannot be found have failed', async () => {
  await using api = await openApi([
    { agent_id: OTHER_AGENT },
    {},
    { organization_id: SECOND_ACTOR.organizationId },
  ]);
  const response = await api.get(`/v1/agents/${AGENT}/messages/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      run_ids: ['7', runId(2), runId(3), 'nonsense', runId(1), runId(9), '__proto__', '7', ''],
    }),
  });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(
    `{"7":"failed","${runId(2)}":"cancelled","${runId(3)}":"failed","nonsense":"failed",` +
      `"${runId(1)}":"cancelled","${runId(9)}":"failed","__proto__":"failed","":"failed"}`,
  );
  expect(await api.ids('statuses=cancelled')).toEqual([runId(2), runId(1)]);
  expect(api.store.retrieve(runId(3), SECOND_ACTOR.organizationId)?.status).toBe('created');
});

test.each([undefined, '', '{}', 'null', '{"run_ids":[]}', '{"run_ids":null}', '{"other":1}'])(
  'a body of %j cancels all active runs of the agent, newest first',
  async (body) => {
    await using api = await openApi([
      {},
      { status: 'running' },
      { agent_id: OTHER_AGENT },
      { status: 'completed' },
    ]);
    expect(await cancel(api, body)).toEqual({
      status: 200,
      body: { [runId(2)]: 'cancelled', [runId(1)]: 'cancelled' },
    });
    expect(await api.ids('active=true')).toEqual([runId(3)]);
    expect(await cancel(api, body)).toEqual({
      status: 409,
      body: { detail: `CONFLICT: No active runs to cancel for agent ${AGENT}` },
    });
  },
);

test('without names, the newest 100 are cancelled', async () => {
  await using api = await openApi(Array.from({ length: 103 }, () => ({})));
  const { body } = await cancel(api, {});
  expect(Object.keys(Object(body))).toHaveLength(100);
  expect(await api.ids('active=true')).toEqual([3, 2, 1].map(runId));
});

const NOT_A_MODEL =
  "'loc': ('body',), 'msg': 'Input should be a valid dictionary or object to extract fields from', 'input': ";
const JSON_INVALID = "'msg': 'JSON decode error', 'input': {}, 'ctx': {'error': 'Expecting value'}}]";

test.each([
  [
    '{"run_ids":"x"}',
    "[{'type': 'list_type', 'loc': ('body', 'run_ids'), 'msg': 'Input should be a valid list', 'input': 'x'}]",
  ],
  [
    '{"run_ids":["a",1,null]}',
    "[{'type': 'string_type', 'loc': ('body', 'run_ids', 1), 'msg': 'Input should be a valid string', 'input': 1}, " +
      "{'type': 'string_type', 'loc': ('body', 'run_ids', 2), 'msg': 'Input should be a valid string', 'input': None}]",
  ],
  ['[]', `[{'type': 'model_attributes_type', ${NOT_A_MODEL}[]}]`],
  ['NaN', `[{'type': 'model_attributes_type', ${NOT_A_MODEL}nan}]`],
  ['0', `[{'type': 'model_attributes_type', ${NOT_A_MODEL}0}]`],
  ['{"run_ids":', `[{'type': 'json_invalid', 'loc': ('body', 11), ${JSON_INVALID}`],
  ['  ', `[{'type': 'json_invalid', 'loc': ('body', 2), ${JSON_INVALID}`],
])('the body %s is a 422', async (body, detail) => {
  await using api = await openApi([{}]);
  expect(await cancel(api, body)).toEqual({ status: 422, body: { trace_id: '', detail } });
  expect(await api.ids('active=true')).toEqual([runId(1)]);
});

test('a body of another type is bytes', async () => {
  await using api = await openApi([]);
  const { body } = await cancel(api, "{'é'", AGENT, { 'content-type': 'text/plain' });
  expect(body).toMatchObject({ detail: expect.stringContaining(`${NOT_A_MODEL}b"{'\\xc3\\xa9'"}]`) });
  for (const type of ['application/vnd.api+json', 'Application/JSON; charset=utf-8', '']) {
    expect((await cancel(api, ids(1), AGENT, { 'content-type': type })).status).toBe(200);
  }
});

test.each([
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['lists without an end', '['.repeat(2000)],
  ['a very long number', '9'.repeat(5000)],
])('%s are a 400', async (_, body) => {
  await using api = await openApi([]);
  const path = `/v1/agents/${AGENT}/messages/cancel`;
  const headers = { 'content-type': 'application/json' };
  expect(await api.json(path, { method: 'POST', body, headers })).toEqual({
    status: 400,
    body: { detail: 'There was an error parsing the body' },
  });
});

test('an id that cannot be sent back is a 400, after all runs have been cancelled', async () => {
  await using api = await openApi([{}]);
  expect(await cancel(api, `{"run_ids":["é\\ud800","${runId(1)}"]}`)).toEqual({
    status: 400,
    body: { detail: `'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed` },
  });
  expect(await api.ids('active=true')).toEqual([]);
});

test('a malformed agent is told together with what is wrong in the body, and after bad JSON and a bad user', async () => {
  await using api = await openApi([]);
  const { status, body } = await cancel(api, { run_ids: 1 }, 'nonsense');
  expect(status).toBe(422);
  expect(body).toMatchObject({ examples: ['agent-123e4567-e89b-42d3-8456-426614174000'] });
  expect(JSON.stringify(body)).toMatch(/'loc': \('path', 'agent_id'\).*'loc': \('body', 'run_ids'\)/);
  expect(JSON.stringify(await cancel(api, '{', 'nonsense'))).not.toContain('agent_id');
  expect((await cancel(api, { run_ids: 1 }, 'nonsense', { user_id: 'x' })).status).toBe(400);
  expect((await cancel(api, '{', AGENT, { user_id: 'x' })).status).toBe(422);
});

test('it is only for POST, though another method is named', async () => {
  await using api = await openApi([]);
  const response = await api.get(`/v1/agents/${AGENT}/messages/cancel`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'PATCH']);
});
