import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { itemOf } from '../../../embedded-api/model/items.ts';
import type { NewRun } from '../../../embedded-api/model/rows.ts';
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
  readonly answer: 'cancelled' | 'failed';
  readonly after: object;
}

const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };
const NOW_ENDED = { ...CANCELLED, completed_at: '2026-11-20T17:00:00.250000' };
const HOOK = 'https://hooks.example.com/x';

const ROWS: readonly Row[] = [
  { name: 'created', run: {}, answer: 'cancelled', after: NOW_ENDED },
  { name: 'running', run: { status: 'running', background: true }, answer: 'cancelled', after: NOW_ENDED },
  {
    name: 'completed',
    run: { status: 'completed', stop_reason: 'end_turn', completed_at: ENDED },
    answer: 'cancelled',
    after: {},
  },
  {
    name: 'failed',
    run: { status: 'failed', stop_reason: 'error', completed_at: ENDED },
    answer: 'cancelled',
    after: {},
  },
  {
    name: 'cancelled',
    run: { status: 'cancelled', stop_reason: 'cancelled', completed_at: ENDED },
    answer: 'cancelled',
    after: {},
  },
  {
    name: 'running with a stop reason',
    run: { status: 'running', stop_reason: 'end_turn' },
    answer: 'cancelled',
    after: {},
  },
  {
    name: 'failed for no reason',
    run: { status: 'failed', completed_at: ENDED },
    answer: 'cancelled',
    after: CANCELLED,
  },
  {
    name: 'waiting for approval',
    run: { status: 'completed', stop_reason: 'requires_approval', completed_at: ENDED },
    answer: 'cancelled',
    after: CANCELLED,
  },
  {
    name: 'running without metrics',
    run: { status: 'running', lacks_metrics: true },
    answer: 'failed',
    after: NOW_ENDED,
  },
  {
    name: 'running with a callback',
    run: { callback_url: HOOK, metadata: {} },
    answer: 'cancelled',
    after: { ...NOW_ENDED, callback_sent_at: '2026-11-20T17:00:00.250000', callback_status_code: 200 },
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

test.each(ROWS)('a run that is $name is answered as $answer', async ({ run, answer, after }) => {
  await using api = await openApi([run]);
  const wire = async () => (await api.json(`/v1/runs/${runId(1)}`)).body;
  const first = await wire();
  expect(await cancel(api, ids(1))).toEqual({ status: 200, body: { [runId(1)]: answer } });
  const second = await wire();
  expect(second).toEqual({ ...Object(first), ...after });
  const isChanged = Object.keys(after).length > 0;
  const [kept] = api.store.list({ organizationId: DEFAULT_ACTOR.organizationId, ascending: true, limit: 1 });
  const hasMetrics = isChanged && run.lacks_metrics !== true;
  expect(kept?.run_ns).toBe(hasMetrics ? 10_250_000_000n : null);
});

test('the steps of a run are counted, at most 50, and the agent tells of it', async () => {
  await using api = await openApi([{ status: 'running' }, { status: 'running' }]);
  const agent = {
    id: AGENT,
    name: 'Desk',
    created_at: CREATED,
    updated_at: CREATED,
    llm_config: { model: 'm' },
  };
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
  expect(JSON.parse(api.store.agents.find(AGENT)?.json ?? '{}')).toMatchObject({
    last_stop_reason: 'cancelled',
    updated_at: '2026-11-20T17:00:00.250000Z',
  });
});

test('a call that waits for approval is denied', async () => {
  await using api = await openApi([ROWS.find(({ name }) => name === 'waiting for approval')?.run ?? {}]);
  const message = { id: 'message-00000001', run_id: runId(1), created_at: CREATED, step_id: 'step-1' };
  const call = { name: 'refund', arguments: '{}', tool_call_id: 'call_1' };
  const own = { tool_call: call, tool_calls: [call] };
  const item = itemOf(message, 'approval_request_message', null, own);
  api.store.messages.insert([{ ...message, items: [item] }]);
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

test.each(['{"run_ids":"x"}', '{"run_ids":["a",1,null]}', '[]', '0', '{"run_ids":', 'nonsense'])(
  'the body %s is a 422',
  async (body) => {
    await using api = await openApi([{}]);
    expect(await cancel(api, body)).toMatchObject({ status: 422, body: { trace_id: '' } });
    expect(await api.ids('active=true')).toEqual([runId(1)]);
  },
);

test('a malformed agent is a 422', async () => {
  await using api = await openApi([]);
  expect(await cancel(api, ids(1), 'nonsense')).toMatchObject({
    status: 422,
    body: { examples: ['agent-123e4567-e89b-42d3-8456-426614174000'] },
  });
});
