import { describe, expect, it, vi } from 'vitest';
import { encodeCursor } from '../../../src/lists/pages/cursor.ts';
import { settle, stopClock } from '../../support/clock.ts';
import { runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { type Answering, HANGS, type UpstreamAnswer } from '../../support/scripted-upstream.ts';
import { watch } from '../../support/watch.ts';

const TIMEOUT_MS = 3000;
const QUERY = '{ runs(first: 1) { nodes { id } } }';
const NONE = { data: { runs: { nodes: [] } } };
const EMPTY: UpstreamAnswer = { body: [] };
const TIMED_OUT = {
  message: expect.stringContaining(`OPERATION_TIMEOUT_MS, ${TIMEOUT_MS} ms`),
  extensions: {
    code: 'OPERATION_TIMEOUT',
    timeoutMs: TIMEOUT_MS,
    retryable: true,
    requestId: expect.any(String),
  },
};

const row = (status: string) => ({
  id: runId(1),
  agent_id: 'agent-1',
  created_at: '2026-01-01T00:00:00Z',
  status,
});

async function open(answer: Answering) {
  const clock = stopClock();
  const config = { operationTimeoutMs: TIMEOUT_MS, upstreamTimeoutMs: 60_000 };
  const opened = await openGatewayOver(answer, config);
  const abandoned = () => opened.upstream.requests.filter(({ signal }) => signal.aborted).length;
  return { ...opened, clock, abandoned };
}

describe('OPERATION_TIMEOUT_MS', () => {
  it.each(['application/json', 'application/graphql-response+json', 'text/event-stream'])(
    'ends an operation with 504, and its work, as %s',
    async (accept) => {
      await using test = await open(() => HANGS);
      const url = `http://gateway/graphql?query=${encodeURIComponent(QUERY)}`;
      let response: Response | undefined;
      const answering = test.gateway.fetch(new Request(url, { headers: { accept } }));
      void answering.then((given) => (response = given));
      await test.clock.pass(TIMEOUT_MS - 1);
      expect([response, test.abandoned()]).toEqual([undefined, 0]);
      await test.clock.pass(1);
      expect(response?.status).toBe(504);
      expect(await response?.text()).toContain('"code":"OPERATION_TIMEOUT"');
      expect([test.upstream.requests.length, test.abandoned()]).toEqual([1, 1]);
      test.upstream.script = () => EMPTY;
      expect(await test.execute(QUERY)).toEqual(NONE);
    },
  );

  it.each<[string, UpstreamAnswer]>([
    ['was answered', EMPTY],
    ['has failed', { status: 403, body: {} }],
  ])('leaves no timer of an operation that %s before', async (_what, answer) => {
    await using test = await open(() => answer);
    const before = vi.getTimerCount();
    await test.clock.until(test.execute(QUERY));
    expect(vi.getTimerCount()).toBe(before);
  });

  it('leaves a shared request to an operation that came later', async () => {
    const { promise: answer, resolve: release } = Promise.withResolvers<UpstreamAnswer>();
    await using test = await open(() => answer);
    const first = test.execute(QUERY);
    await test.clock.pass(TIMEOUT_MS / 2);
    const second = test.execute(QUERY);
    await test.clock.pass(TIMEOUT_MS / 2);
    expect(await first).toEqual({ errors: [TIMED_OUT] });
    release(EMPTY);
    expect(await second).toEqual(NONE);
    expect(test.upstream.requests).toHaveLength(1);
  });

  it('starts no look-up of an operation that has ended', async () => {
    await using test = await open(({ path }) => (path.startsWith('/v1/runs/run-') ? HANGS : EMPTY));
    const ids = Array.from({ length: 400 }, (_, number) => runId(number));
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const answer = await test.clock.until(test.execute(query, { ids }));
    expect(answer.errors).toEqual([TIMED_OUT]);
    // A list is asked for after all of them, and is answered.
    expect(await test.execute(QUERY)).toEqual(NONE);
    expect(test.upstream.requests.length).toBeLessThan(100);
    expect(test.upstream.requests.length - test.abandoned()).toBe(1);
  });

  it('says that a mutation may take effect, and sends it once', async () => {
    await using test = await open(({ method, path }) => {
      if (path.startsWith('/v1/agents/') && method === 'GET')
        return { body: { id: 'agent-1', pending_approval: null } };
      return method === 'GET' ? { body: row('running') } : HANGS;
    });
    const mutation = `mutation { cancelRuns(ids: ["${runId(1)}"]) { runs { status } } }`;
    const answer = await test.clock.until(test.execute(mutation));
    expect(answer).toEqual({
      errors: [{ ...TIMED_OUT, message: expect.stringContaining('may take effect') }],
    });
    expect(test.upstream.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

it('An operation that has failed waits for none of its requests', async () => {
  await using test = await open(({ query }) => (query.has('before') ? HANGS : { status: 403, body: {} }));
  // Behind a cursor, the page and whether anything precedes it are asked for at once.
  const after = encodeCursor({ key: '2026-01-01T00:00:00.000000', id: runId(1) });
  const answer = await test.execute(
    `{ runs(after: "${after}") { nodes { id } pageInfo { hasPreviousPage } } }`,
  );
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  await settle();
  expect([test.upstream.requests.length, test.abandoned()]).toEqual([2, 1]);
});

it('OPERATION_TIMEOUT_MS bounds each event of a subscription, and not the subscription', async () => {
  let status = 'running';
  await using test = await open(({ path }) => {
    if (!path.includes('/steps')) return { body: row(status) };
    return status === 'running' ? EMPTY : HANGS;
  });
  const query = `subscription { runUpdates(id: "${runId(1)}") { status usage { totalTokens } } }`;
  const client = watch(test.gateway, query);
  await test.clock.pass(3 * TIMEOUT_MS);
  expect(client.values).toEqual([{ status: 'RUNNING', usage: { totalTokens: 0 } }]);
  expect(client.isOver).toBe(false);
  status = 'completed';
  await test.clock.pass(10 * TIMEOUT_MS);
  await settle();
  expect(client.error).toMatchObject({ code: 'OPERATION_TIMEOUT' });
  expect(client.isOver).toBe(true);
});
