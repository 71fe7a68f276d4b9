import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GatewayRequest } from '../../src/access/gateway-request.ts';
import { postReader } from '../../src/http/request-body.ts';
import { createLive } from '../../src/live/index.ts';
import { createMemory, HeldMemory } from '../../src/scheduling/held-memory.ts';
import { CallerRequests } from '../../src/upstream/letta/caller-requests.ts';
import { SharedUpstream } from '../../src/upstream/letta/shared-upstream.ts';
import { runId } from '../support/ids.ts';
import { liveRun } from '../support/live-server.ts';
import { openGateway, openGatewayOver, UPSTREAM_URL } from '../support/open-gateway.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { watch } from '../support/watch.ts';

const MEBIBYTE = 1024 * 1024;

describe('The memory that is held', () => {
  it('has a limit for each account, one for all, and room for small requests', () => {
    const open = createMemory();
    const [large, more, other, third] = [open('a'), open('a'), open('b'), open('c')];
    expect(large.setKept(128 * MEBIBYTE)).toBe(true);
    expect([more.setKept(MEBIBYTE), more.setKept(1_000)]).toEqual([false, true]);
    expect(large.setKept(129 * MEBIBYTE)).toBe(false);
    expect([other.setKept(127 * MEBIBYTE), third.setKept(MEBIBYTE), third.setKept(1_000)]).toEqual([
      true,
      false,
      true,
    ]);
    large.release();
    expect([more.setKept(MEBIBYTE), third.setKept(MEBIBYTE)]).toEqual([true, true]);
    expect([large.setKept(1), large.share({}, 1)]).toEqual([true, true]);
  });

  it('counts what is shared once for each account, until the last one has released it', () => {
    const open = createMemory();
    const document = {};
    const holders = Array.from({ length: 3 }, () => open('a'));
    expect(holders.map((holder) => holder.share(document, 100 * MEBIBYTE))).toEqual([true, true, true]);
    expect(open('a').share({}, 100 * MEBIBYTE)).toBe(false);
    expect(open('b').share(document, 100 * MEBIBYTE)).toBe(true);
    for (const holder of holders.slice(1)) holder.release();
    expect(open('a').setKept(100 * MEBIBYTE)).toBe(false);
    holders[0]?.release();
    expect(open('a').setKept(100 * MEBIBYTE)).toBe(true);
  });
});

it('Accounts that hold nothing any more are forgotten, at once where they have shared', () => {
  const forgotten = vi.spyOn(Map.prototype, 'delete');
  onTestFinished(() => forgotten.mockRestore());
  const open = createMemory();
  const document = {};
  for (let number = 0; number < 200; number++) {
    const held = open(`account ${number}`);
    held.share(document, 1);
    held.release();
    expect(forgotten).toHaveBeenLastCalledWith(`account ${number}`);
  }
  // Each was counted twice: for the document, and for all that it holds.
  expect(forgotten.mock.calls.length).toBeGreaterThan(300);
});

describe('Streams of one caller', () => {
  it('hold nothing once they have ended', async () => {
    const release = vi.fn();
    const live = createLive({
      maxSubscriptions: 2,
      memoryFor: () => Object.assign(createMemory()(''), { release }),
    });
    const runs = live.forCaller({ callerKey: 'a', account: 'a' }, () => expect.unreachable());
    for (const events of [runs.listEvents({ filter: {}, window: {} }, undefined), runs.runUpdates(runId(1))])
      await events.return?.();
    // Rows, copies and what is kept of the list, and the run.
    expect(release).toHaveBeenCalledTimes(4);
  });

  it('with many values in their address are refused beyond the limit, until the others end', async () => {
    await using open = await openGateway();
    const leaving = new AbortController();
    const ask = async (caller: string, { signal } = leaving) => {
      const parameters = new URLSearchParams({
        query: 'subscription { runEvents { runId } }',
        // Counts as 10 MB.
        variables: JSON.stringify({ junk: 'x'.repeat(500_000) }),
      });
      const headers = { accept: 'text/event-stream', authorization: `Bearer ${caller}` };
      const request = new Request(`http://gateway/graphql?${parameters}`, { headers, signal });
      const { status, headers: answered } = await open.gateway.fetch(request);
      return `${status} ${answered.get('retry-after')}`;
    };
    const asked = await Promise.all(Array.from({ length: 15 }, () => ask('greedy')));
    expect(asked.filter((answer) => answer === '503 1')).toHaveLength(2);
    expect(await ask('other')).toBe('200 null');
    leaving.abort();
    await expect.poll(() => ask('other', new AbortController())).toBe('200 null');
  });
});

it.each(['{ run', 'subscription { runUpdates'])(
  'The errors of %s count with what is not read yet',
  async (field) => {
    const unread = vi.spyOn(HeldMemory.prototype, 'setUnread');
    onTestFinished(() => unread.mockRestore());
    await using test = await openGateway({ runs: [liveRun(1)] });
    const fields = Array.from(
      { length: 30 },
      (_, n) => `a${n}: steps(first: 1, after: "x") { nodes { id } }`,
    );
    const client = watch(test.gateway, `${field}(id: "${runId(1)}") { ${fields.join(' ')} } }`);
    await expect.poll(() => client.values.length).toBe(1);
    void client.close();
    // Without them, an answer is shorter than 500 bytes.
    expect(Math.max(...unread.mock.calls.flat())).toBeGreaterThan(30 * 100);
  },
);

it('An event counts until it was read', async () => {
  const unread = vi.spyOn(HeldMemory.prototype, 'setUnread');
  onTestFinished(() => unread.mockRestore());
  await using test = await openGateway({ runs: [liveRun(1)] });
  const client = watch(test.gateway, `subscription { runUpdates(id: "${runId(1)}") { id } }`);
  await expect.poll(() => client.values.length).toBe(1);
  expect(unread.mock.calls).toEqual([[expect.any(Number)], [0]]);
  void client.close();
});

it('A mutation whose answer is too much to be held says that it was executed, and is not to be repeated', async () => {
  await using test = await openGateway({ runs: [liveRun(1)] });
  const unread = vi.spyOn(HeldMemory.prototype, 'setUnread').mockReturnValue(false);
  onTestFinished(() => unread.mockRestore());
  const cancelled = await test.execute(`mutation { cancelRuns(ids: ["${runId(1)}"]) { runs { id } } }`);
  expect(test.store.find(runId(1))?.status).toBe('cancelled');
  expect(cancelled.errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('was executed'),
      extensions: expect.objectContaining({ code: 'OVERLOADED', retryable: false }),
    }),
  ]);
  const query = await test.execute('{ runs { nodes { id } } }');
  expect(query.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
});

it('A body by gzip counts as the largest that is allowed until it is decoded', async () => {
  const memory = createMemory()('a');
  const counted: number[] = [];
  const setKept = (bytes: number): boolean => {
    counted.push(bytes);
    return memory.setKept(bytes);
  };
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const body = new Uint8Array(gzipSync('{"query":"{ id }"}'));
  const read = async () => {
    const request = new Request('http://gateway/', { method: 'POST', headers, body });
    const gateway = { memory: { setKept }, signal: request.signal } as unknown as GatewayRequest;
    return postReader(request, { gateway })();
  };
  expect(await read()).toEqual({ query: '{ id }' });
  expect(Math.max(...counted)).toBe(MEBIBYTE / 4);
  expect(counted.at(-1)).toBeLessThan(1_000);
});

describe('Responses of the runs API', () => {
  it('count from their first byte, and an operation that can hold no more fails alone', async () => {
    const row = { id: runId(1), agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z' };
    const body = JSON.stringify([{ ...row, metadata: { text: 'x'.repeat(30 * MEBIBYTE) } }]);
    await using open = await openGatewayOver(() => ({ body }));
    const ask = async (first: number) => {
      const query = `{ runs(first: ${first}) { nodes { id } } }`;
      const request = new Request(`http://gateway/graphql?query=${encodeURIComponent(query)}`);
      const { errors } = Object(await (await open.gateway.fetch(request)).json());
      return errors?.[0].extensions.code ?? 'served';
    };
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => ask(1 + index)));
    expect(new Set(answers)).toEqual(new Set(['served', 'OVERLOADED']));
    expect(await ask(1)).toBe('served');
  });

  it.each([
    ['count', 'a query', false, 1],
    ['do not count', 'a mutation, whose outcome must be read', true, 0],
  ])('%s while they come if they are for %s', async (_do, _what, changesRuns, times) => {
    const memoryFor = vi.fn(createMemory());
    await using shared = new SharedUpstream({
      upstreamUrl: UPSTREAM_URL,
      upstreamDialect: 'auto',
      upstreamTimeoutMs: 1_000,
      upstreamMaxInFlight: 1,
      maxBytes: 100,
      memoryFor,
      dispatcher: new ScriptedUpstream(() => ({ body: {} })),
    });
    const { signal } = new AbortController();
    const caller = { callerKey: 'a', account: 'a', headers: {}, signal, changesRuns };
    await new CallerRequests(shared, caller).lookUp('v1/runs/x', {});
    expect(memoryFor).toHaveBeenCalledTimes(times);
  });

  it('that would take too much memory are refused before they are parsed', async () => {
    const body = `[${'{},'.repeat(3_000_000)}which is not JSON`;
    await using open = await openGatewayOver(() => ({ body }));
    const id = `"${runId(1)}"`;
    const fields = [`run(id: ${id}) { metadata }`, 'runs { nodes { id } }', 'agents { nodes { id } }'];
    for (const field of fields) {
      const { errors } = await open.execute(`{ ${field} }`);
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'UPSTREAM_INVALID_RESPONSE',
        maxBytes: 128 * MEBIBYTE,
      });
    }
  });
});
