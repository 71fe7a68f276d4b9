import { describe, expect, test } from 'vitest';
import type { ProfileOptions } from '../../embedded-api/options.ts';
import { isLike } from '../../embedded-api/routes/agents.ts';
import { createApi } from '../../embedded-api/routes/api.ts';
import { PROJECTS, SECOND_ACTOR } from '../../embedded-api/store/actors.ts';
import { type NewRun, RunStore } from '../../embedded-api/store/run-store.ts';
import { runId } from '../support/ids.ts';
import { overLimit } from './target.ts';

// What takes rows of one's own, changes them, or is an option of the embedded API: no other server is asked for it.

const AGENT = 'agent-00000000-0000-4000-8000-00000000000a';
const OTHER_AGENT = 'agent-00000000-0000-4000-8000-00000000000b';
const NOW = new Date('2026-11-20T17:00:00.250Z');
const CREATED = '2026-11-20T16:59:50Z';

interface Init {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An API in process. Runs that have no id are numbered, the oldest first. */
function openApi(runs: readonly Partial<NewRun>[], options: ProfileOptions & { now?: () => Date } = {}) {
  const store = new RunStore();
  store.insert(runs.map((run, at) => ({ id: runId(at + 1), agent_id: AGENT, created_at: CREATED, ...run })));
  const api = createApi({ now: () => NOW, ...options, store });
  const send = (path: string, { headers = {}, body }: Init = {}) => {
    const [route = '', query] = path.split('?');
    const method = body === undefined ? 'GET' : 'POST';
    return api({ method, path: route, query: new URLSearchParams(query), headers, body: body ?? '' });
  };
  const ask = (path: string, init?: Init) => {
    const { status, body } = send(path, init);
    return { status, body: JSON.parse(body) };
  };
  const numbers = (query: string, headers = {}): number[] =>
    ask(`/v1/runs/?${query}`, { headers }).body.map(({ id }: { id: string }) => Number(id.slice(-12)));
  const cancel = (ids: readonly string[]) =>
    ask(`/v1/agents/${AGENT}/messages/cancel`, { body: JSON.stringify({ run_ids: ids }) });
  return { store, send, ask, numbers, cancel };
}

describe('A row', () => {
  test('has what was stored, to the last digit', () => {
    const metadata = { note: '田中 🎂 "x"', nested: [1, null, { a: true }] };
    const { body } = openApi([{ metadata, total_duration_ns: 2n ** 62n + 1n }]).send('/v1/runs/');
    expect(body).toContain(`"metadata":${JSON.stringify(metadata)},`);
    expect(body).toContain('"total_duration_ns":4611686018427387905}]');
  });

  test('has the measured duration in lists, and its own where it is alone', () => {
    const { ask } = openApi([{ total_duration_ns: 5, run_ns: 7 }, { run_ns: 9 }, { total_duration_ns: 5 }]);
    const shown = [7, 9, 5].map((total_duration_ns) => ({ total_duration_ns }));
    expect(ask('/v1/runs/?order=asc').body).toMatchObject(shown);
    expect(ask(`/v1/runs/${runId(1)}`).body).toMatchObject({ total_duration_ns: 5 });
    expect(ask(`/v1/runs/${runId(2)}`).body).toMatchObject({ total_duration_ns: null });
  });
});

test('A cursor may be a run of others, and one that was deleted is none', () => {
  const foreign = { organization_id: SECOND_ACTOR.organizationId };
  const { store, numbers } = openApi([{}, {}, foreign, {}, {}]);
  expect(numbers(`before=${runId(3)}`)).toEqual([2, 1]);
  expect(numbers(`after=${runId(3)}`)).toEqual([5, 4]);
  store.delete(runId(2));
  expect(numbers(`before=${runId(2)}`)).toEqual([5, 4, 1]);
});

test('Runs of old jobs stand before others of their microsecond', () => {
  const { numbers } = openApi([{}, { id: 'job-00000000-0000-4000-8000-000000000099' }]);
  expect(numbers('order=asc')).toEqual([99, 1]);
});

test('A user sees the runs and steps of its organization; an unknown one is the default', () => {
  const { store, ask, numbers } = openApi([{}, { organization_id: SECOND_ACTOR.organizationId }]);
  const id = 'step-00000001-0000-4000-8000-000000000000';
  store.steps.insert([{ id, run_id: runId(1), created_at: CREATED }]);
  const headers = { user_id: SECOND_ACTOR.id };
  expect(numbers('')).toEqual([1]);
  expect(numbers('', { user_id: 'user-9' })).toEqual([1]);
  expect(numbers('', headers)).toEqual([2]);
  for (const path of [`/v1/runs/${runId(1)}`, `/v1/steps/${id}`, `/v1/runs/${runId(1)}/steps`])
    expect([ask(path).status, ask(path, { headers }).status]).toEqual([200, 404]);
  // Letta names the user there, whom no client of the gateway may see.
  expect(ask(`/v1/runs/${runId(1)}`, { headers }).body.detail).toContain(SECOND_ACTOR.id);
});

test('An agent without a configuration makes its whole list fail', () => {
  const { store, ask } = openApi([]);
  store.agents.insert([{ id: AGENT, name: 'x', created_at: CREATED, updated_at: CREATED, llm_config: null }]);
  const failure = { status: 500, body: { detail: 'An unknown error occurred' } };
  expect([ask('/v1/agents/'), ask(`/v1/agents/${AGENT}`)]).toEqual([failure, failure]);
});

const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };
const NOW_ENDED = { ...CANCELLED, completed_at: '2026-11-20T17:00:00.250000' };
const SENT = { callback_sent_at: '2026-11-20T17:00:00.250000', callback_status_code: 200 };
const ENDED = { completed_at: '2026-11-20T16:59:55.000001' };

describe('Cancelling', () => {
  test.each<[run: Partial<NewRun>, after: object, answer?: string]>([
    [{}, NOW_ENDED],
    [{ status: 'running' }, NOW_ENDED],
    [{ status: 'completed', stop_reason: 'end_turn', ...ENDED }, {}],
    [{ status: 'running', stop_reason: 'end_turn' }, {}],
    [{ status: 'failed', ...ENDED }, CANCELLED],
    [{ status: 'completed', stop_reason: 'requires_approval', ...ENDED }, CANCELLED],
    [{ status: 'running', lacks_metrics: true }, NOW_ENDED, 'failed'],
    [{ callback_url: 'https://hooks.example.com/x' }, { ...NOW_ENDED, ...SENT }],
  ])('of %j changes %j', (run, after, answer = 'cancelled') => {
    const { ask, cancel } = openApi([run]);
    const before = ask(`/v1/runs/${runId(1)}`).body;
    expect(cancel([runId(1)]).body).toEqual({ [runId(1)]: answer });
    expect(ask(`/v1/runs/${runId(1)}`).body).toEqual({ ...before, ...after });
  });

  test('of several has an entry for each, in order; those that are not found have failed', () => {
    const foreign = { organization_id: SECOND_ACTOR.organizationId };
    const { cancel, numbers } = openApi([{ agent_id: OTHER_AGENT }, {}, foreign]);
    const { body } = cancel(['7', runId(2), runId(3), runId(1), '__proto__']);
    const outcomes = {
      '7': 'failed',
      [runId(2)]: 'cancelled',
      [runId(3)]: 'failed',
      [runId(1)]: 'cancelled',
    };
    expect(Object.entries(body)).toEqual([...Object.entries(outcomes), ['__proto__', 'failed']]);
    expect(numbers('statuses=cancelled')).toEqual([2, 1]);
  });
});

describe('A conversation', () => {
  const conversation_id = 'conv-00000000-0000-4000-8000-000000000000';
  const waiting = (options: Parameters<typeof openApi>[1] = {}) => {
    const api = openApi([{}, { conversation_id }], options);
    const items = [1, 2].map((at) => ({
      id: `m${at}`,
      message_type: 'approval_request_message' as const,
      tool_calls: [{ tool_call_id: `call-${at}` }],
      step_id: null,
    }));
    api.store.messages.insert(
      items.map((item, at) => ({ id: item.id, run_id: runId(at + 1), created_at: CREATED, items: [item] })),
    );
    api.store.agents.insert([
      { id: AGENT, name: 'x', created_at: CREATED, updated_at: CREATED, llm_config: {} },
    ]);
    return api;
  };
  const path = `/v1/conversations/${conversation_id}`;

  test('that is deleted has no messages and is not found', () => {
    const { store, ask } = waiting();
    expect(ask(`${path}/messages`).body).toMatchObject([{ id: 'm2' }]);
    store.deletedConversations.add(conversation_id);
    expect([ask(`${path}/messages`), ask(path).status]).toEqual([{ status: 200, body: [] }, 404]);
  });

  test('waits on when its run is cancelled, which denies what the default one waits for', () => {
    const { ask, cancel } = waiting();
    cancel([runId(2)]);
    expect(ask(`${path}/messages`).body).toMatchObject([{ id: 'm2' }]);
    const [request, answer] = ask(`/v1/agents/${AGENT}/messages`).body;
    const denied = { approvals: [{ tool_call_id: 'call-1', approve: false }] };
    expect([request, answer]).toMatchObject([{ id: 'm1' }, denied]);
  });

  test.each<[string, (api: ReturnType<typeof openApi>, id: string) => unknown, object]>([
    ['cancelled', ({ cancel }, id) => cancel([id]), { status: 200, body: CANCELLED }],
    ['removed', ({ store }, id) => store.delete(id), { status: 404 }],
  ])('that is answered by a run that is %s while its tool runs leaves it so', (_how, change, after) => {
    let ms = 0;
    const api = waiting({ now: () => new Date(NOW.getTime() + ms) });
    const message = { type: 'approval', approvals: [{ tool_call_id: 'call-1', approve: true }] };
    const body = JSON.stringify({ messages: [message] });
    const { id } = api.ask(`/v1/agents/${AGENT}/messages/async`, { body }).body;
    change(api, id);
    ms = 2000;
    expect(api.ask(`/v1/runs/${id}`)).toMatchObject(after);
  });

  test('that is cleared after each message waits for nobody, though its agent says so', () => {
    const { store, ask } = waiting();
    store.agents.update(AGENT, { message_buffer_autoclear: true });
    const send = (message: object): object => {
      const { body } = ask(`/v1/agents/${AGENT}/messages/async`, {
        body: JSON.stringify({ messages: [message] }),
      });
      return ask(`/v1/runs/${body.id}`).body;
    };
    expect(ask(`/v1/agents/${AGENT}?include=agent.pending_approval`).body).toMatchObject({
      pending_approval: { id: 'm1' },
    });
    expect(send({ type: 'approval', approvals: [{ tool_call_id: 'call-1' }] })).toMatchObject({
      status: 'failed',
    });
    expect(send({ role: 'user', content: 'hello' })).toMatchObject({ status: 'completed' });
  });
});

describe('The embedded API', () => {
  const key = (authorization: string) => ({ headers: { authorization } });
  const project = (headers: object) => ({ headers: { authorization: 'Bearer any', ...headers } });
  const [first, second] = PROJECTS;

  test.each<[options: ProfileOptions, init: Init, status: number]>([
    [{ password: 'sesame' }, {}, 401],
    [{ password: 'sesame' }, key('Basic sesame'), 401],
    [{ password: 'sesame' }, key('Bearer sesame'), 200],
    [{ profile: 'cloud' }, {}, 401],
    [{ profile: 'cloud' }, key('Bearer any'), 200],
    [{ profile: 'cloud', password: 'sesame' }, key('Bearer any'), 401],
    [{ profile: 'cloud' }, project({ 'x-project': 'unknown' }), 404],
    [{ profile: 'cloud' }, project({ 'x-project': first?.name, 'x-project-id': second?.id }), 404],
  ])('with %j answers %j by %i', (options, init, status) => {
    const { ask } = openApi([], options);
    expect(ask('/v1/runs/', init).status).toBe(status);
    expect(ask('/nowhere', init).status).toBe(status === 200 ? 404 : status);
    expect(ask('/v1/health/', init)).toEqual({ status: 200, body: { version: '0.16.7', status: 'ok' } });
  });

  test('keeps the projects of the Cloud apart', () => {
    const { numbers } = openApi([{}, { organization_id: SECOND_ACTOR.organizationId }], { profile: 'cloud' });
    expect(numbers('', project({}).headers)).toEqual([1]);
    expect(numbers('', project({ 'x-project': second?.name }).headers)).toEqual([2]);
    expect(numbers('', project({ 'x-project-id': second?.id }).headers)).toEqual([2]);
  });

  test.each([
    ['/v1/runs/', { maxLimit: 3 }, 3],
    ['/v1/agents/', { profile: 'cloud' }, 200],
    [`/v1/runs/${runId(1)}/messages`, { profile: 'cloud' }, 200],
  ] as const)('takes no limit of %s with %j above %i', (list, options, max) => {
    const { ask } = openApi([{}, {}, {}, {}], options);
    const at = (limit: number) => ask(`${list}?limit=${limit}`, key('Bearer any'));
    expect(at(max + 1)).toEqual({ status: 422, body: overLimit(max + 1, max) });
    expect(at(max).status).toBe(200);
  });

  test('refuses a share of requests, evenly, or those beyond so many a second', () => {
    let ms = 0;
    const statuses = (rateLimit: string, at: readonly number[]) => {
      const { ask } = openApi([], { rateLimit, now: () => new Date(1_800_000_000_000 + ms) });
      return at.map((time) => ((ms = time), ask('/v1/health/').status));
    };
    expect(statuses('40%', Array(5).fill(0))).toEqual([200, 200, 429, 200, 429]);
    expect(statuses('2', [0, 1, 2, 999, 1000, 1001, 1002])).toEqual([200, 200, 429, 429, 200, 200, 429]);
  });
});

test.each([
  ['Ada and Bob', 'a%b', true],
  ['Ada and Bob', 'b_a', false],
  ['Ada and Bob', 'da_and', true],
  ['100 %', String.raw`0 \%`, true],
  ['100', String.raw`\%`, false],
  ['a\nb', '%A%B%', true],
])('%j is like %j: %s', (text, part, expected) => {
  expect(isLike(text, part, 'isu')).toBe(expected);
});
