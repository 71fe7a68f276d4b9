import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { startMeasured } from '../support/measured-program.ts';
import { NO_INIT, openSocket, type RawSocket } from '../support/raw-socket.ts';

const MEBIBYTE = 1024 * 1024;
/** Mebibytes of `MEMORY_BUDGET`. */
const BUDGET = 64;
/**
 * Mebibytes that the process may take, garbage included, which waits for longer on a busy machine; without an account,
 * about 300 are. And what there may be in use when the clients have left.
 */
const PEAK = 200;
const LEFT = 30;

const ATTACKER = { authorization: 'Bearer attacker' };
const ENV = { MEMORY_BUDGET: `${BUDGET}MB`, ACCESS_TOKENS: 'attacker,other', LETTA_API_KEY: 'key' };

/**
 * Runs an attack by WebSockets.
 *
 * @returns the mebibytes beyond those before, and what the next caller gets meanwhile
 */
async function attack(
  upstreamUrl: string,
  run: (open: (init: unknown) => Promise<RawSocket>, answered: () => Promise<number>) => Promise<void>,
) {
  await using program = await startMeasured({ ...ENV, LETTA_BASE_URL: upstreamUrl });
  const url = `${program.url}/graphql`;
  const ask = async (query = '{ __typename }'): Promise<unknown> => {
    await using socket = await openSocket(url, { authorization: 'Bearer other' });
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    return (await socket.next()).payload;
  };
  const answered = async (): Promise<number> => {
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    return Number(/runs_gateway_operation_duration_seconds_count (\d+)/.exec(metrics)?.[1]);
  };
  await ask('{ runs(first: 20) { nodes { metadata } } }');
  const before = await program.memory();
  const sockets: RawSocket[] = [];
  await run(async (init) => {
    const socket = await openSocket(url, init);
    sockets.push(socket);
    return socket;
  }, answered);
  const during = await program.memory();
  const next = await ask();
  for (const { client } of sockets) client.terminate();
  await Promise.all(sockets.map(({ closed }) => closed));
  await expect.poll(async () => (await program.memory()).held - before.held).toBeLessThan(LEFT);
  const { peak } = await program.memory();
  return { next, held: during.held - before.held, peak: peak - before.peak };
}

function expectBounded(result: Awaited<ReturnType<typeof attack>>): void {
  expect(result.next).toEqual({ data: { __typename: 'Query' } });
  expect(result.held).toBeLessThan(BUDGET + 16);
  expect(result.peak).toBeLessThan(PEAK);
}

const run = (number: number) => ({
  id: `run-00000000-0000-4000-8000-${String(100 - number).padStart(12, '0')}`,
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running',
  created_at: `2026-01-01T00:00:${String(59 - number).padStart(2, '0')}Z`,
  metadata: { text: 'x'.repeat(1_000_000) },
});

describe('Within MEMORY_BUDGET stay', () => {
  it('subscriptions with a mebibyte of variables that are not declared', async () => {
    await using upstream = await startFixedUpstream('[]');
    const result = await attack(upstream.baseUrl, async (open) => {
      for (let count = 0; count < 2; count++) {
        const socket = await open(ATTACKER);
        await socket.next();
        for (let id = 0; id < 53; id++) {
          const variables = { junk: `${id}`.padEnd(1_000_000, 'x') };
          const payload = { query: 'subscription { runEvents { kind } }', variables };
          socket.send({ type: 'subscribe', id: `${id}`, payload });
        }
        // It is answered when all of them have been read.
        socket.send({ type: 'subscribe', id: 'last', payload: { query: '{ __typename }' } });
        await socket.next();
      }
    });
    expectBounded(result);
    expect(result.held).toBeLessThan(16);
  });

  it('large answers that nobody reads', async () => {
    await using upstream = await startFixedUpstream(
      JSON.stringify(Array.from({ length: 6 }, (_, i) => run(i))),
    );
    const result = await attack(upstream.baseUrl, async (open, answered) => {
      for (let count = 0; count < 50; count++) {
        const socket = await open(ATTACKER);
        await socket.next();
        socket.client.pause();
        const before = await answered();
        socket.send({
          type: 'subscribe',
          id: '1',
          payload: { query: '{ runs(first: 20) { nodes { metadata } } }' },
        });
        await expect.poll(answered).toBe(before + 1);
      }
    });
    expectBounded(result);
  });

  it('messages of a mebibyte from clients without a token', async () => {
    await using upstream = await startFixedUpstream('[]');
    const result = await attack(upstream.baseUrl, async (open) => {
      const message = 'x'.repeat(MEBIBYTE - 1);
      for (let batch = 0; batch < 8; batch++) {
        const sockets = await Promise.all(Array.from({ length: 40 }, () => open(NO_INIT)));
        for (const socket of sockets) socket.send(message);
      }
      await sleep(200);
    });
    expectBounded(result);
    expect(result.held).toBeLessThan(BUDGET / 8 + 16);
  });

  it('messages that never end', async () => {
    await using upstream = await startFixedUpstream('[]');
    const result = await attack(upstream.baseUrl, async (open) => {
      for (let count = 0; count < 300; count++) {
        const socket = await open(ATTACKER);
        await socket.next().catch(() => undefined);
        socket.client.send('x'.repeat(1_000_000), { fin: false }, () => undefined);
      }
      await sleep(200);
    });
    expectBounded(result);
  });
});
