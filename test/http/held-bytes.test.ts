import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { startMeasuredGateway } from '../support/measured-gateway.ts';
import { connectTo } from '../support/raw-request.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const MEBIBYTE = 1024 * 1024;
/** What clients may make the process hold. */
const BUDGET_MB = 32;
/**
 * What the process may take, garbage included, which waits for longer on a busy machine. Whoever attacks offers at least
 * twice as much: without an account, it is exceeded by far.
 */
const PEAK_MB = 200;
const LEFT_MB = 30;

const RUNS = JSON.stringify(
  Array.from({ length: 500 }, (_, index) => ({
    id: `run-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    agent_id: 'agent-00000000-0000-4000-8000-000000000001',
    created_at: new Date(1.78e12 - index * 1000).toISOString(),
    status: 'completed',
    metadata: { note: 'x'.repeat(400) },
  })),
);
/** About 8 MB. */
const LARGE = `{ ${[0, 1].map((n) => `p${n}: runs(first: 500) { nodes { ...all } }`).join(' ')} }
  fragment all on Run { ${Array.from({ length: 20 }, (_, n) => `m${n}: metadata`).join(' ')} }`;

const head = (token: string, ...lines: string[]): string =>
  [
    'POST /graphql HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    ...lines,
    '',
    '',
  ].join('\r\n');

const post = (token: string, query: string, accept: string): string => {
  const body = JSON.stringify({ query });
  return head(token, `accept: ${accept}`, `content-length: ${body.length}`) + body;
};

async function started(config: Partial<Config> = {}) {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(
    await startRawUpstream((socket, request) => {
      // Whoever asks for an agent waits for ever.
      if (!request.head.includes('agent_id')) answerWith(200, RUNS)(socket, request);
    }),
  );
  const gateway = starting.use(
    await startMeasuredGateway({
      upstreamUrl: upstream.baseUrl,
      memoryBudget: BUDGET_MB * MEBIBYTE,
      accessTokens: ['greedy', 'modest'],
      apiKey: 'key',
      ...config,
    }),
  );
  const { url } = gateway;
  const ask = async (token = 'modest', query = '{ runs(first: 1) { nodes { id } } }'): Promise<number> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    await response.bytes();
    return response.status;
  };
  // What is compiled and created once is there before anything is measured.
  for (let count = 0; count < 20; count++) await ask();
  const beforeMb = await gateway.usedMb();
  const sockets: Socket[] = [];
  const moved = starting.move();
  return {
    gateway,
    ask,
    /** Opens connections that send something and are not read. */
    async hold(count: number, bytes: string | Buffer): Promise<readonly Socket[]> {
      const opened: Socket[] = [];
      for (let index = 0; index < count; index++) {
        const socket = await connectTo(url);
        socket.on('error', () => undefined).pause();
        socket.write(bytes);
        opened.push(socket);
      }
      sockets.push(...opened);
      return opened;
    },
    /** So much has come in that no more may be held. */
    async overflow(): Promise<void> {
      const headers = { authorization: 'Bearer modest' };
      await expect
        .poll(async () => (await fetch(`${url}/metrics`, { headers })).text())
        .toMatch(/^runs_gateway_memory_refusals_total\{.*\} [1-9]/m);
      expect(await ask()).toBe(200);
    },
    /** The clients leave: what was before is there again, and no more. */
    async leave(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await expect.poll(async () => (await gateway.usedMb()) - beforeMb).toBeLessThan(LEFT_MB);
      expect(await ask()).toBe(200);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** How long a busy machine may take for what takes seconds. */
const timeout = 120_000;

describe('What clients make the process hold is bounded', { timeout }, () => {
  it('by bodies in chunks of one byte', async () => {
    await using test = await started();
    const chunks = '1\r\n \r\n'.repeat(700_000);
    // Each of them would take 150 MB.
    await test.hold(4, Buffer.from(head('greedy', 'transfer-encoding: chunked') + chunks));
    // They have been read when the next request behind them in the process is answered.
    await sleep(1_000);
    for (let count = 0; count < 3; count++) expect(await test.ask()).toBe(200);
    expect(test.gateway.peakMb()).toBeLessThan(PEAK_MB);
    await test.leave();
  });

  it('by bodies that never end', async () => {
    await using test = await started();
    const body = ' '.repeat(MEBIBYTE - 1);
    await test.hold(400, Buffer.from(head('greedy', `content-length: ${MEBIBYTE}`) + body));
    await test.overflow();
    expect(test.gateway.peakMb()).toBeLessThan(PEAK_MB);
    await test.leave();
  });

  it.each(['application/json', 'text/event-stream'])('by answers as %s that nobody reads', async (type) => {
    await using test = await started();
    // Each when the one before is there, so that it is answers that are held, and not operations.
    for (let count = 0; count < 50; count++) {
      const sockets = await test.hold(1, post('greedy', LARGE, type));
      await Promise.race([...sockets.map((socket) => once(socket, 'readable')), sleep(2_000)]);
    }
    expect(await test.ask()).toBe(200);
    expect(test.gateway.peakMb()).toBeLessThan(PEAK_MB);
    await test.leave();
  });

  it('by requests that wait for their turn', async () => {
    await using test = await started();
    const slow = post('greedy', '{ runs(agentId: "agent-1") { nodes { id } } }', 'application/json');
    const next = `GET /health HTTP/1.1\r\nhost: localhost\r\nx-filler: ${'x'.repeat(15_000)}\r\n\r\n`;
    await test.hold(300, Buffer.from(slow + next.repeat(90)));
    await test.overflow();
    expect(test.gateway.peakMb()).toBeLessThan(PEAK_MB);
    await test.leave();
  });

  it('by clients that have not said who they are, of which the oldest give way', async () => {
    await using test = await started({ memoryBudget: 16 * MEBIBYTE });
    const sockets = await test.hold(400, 'GET /health HTTP/1.1\r\nx-half: ');
    for (const socket of sockets) socket.resume();
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBeGreaterThan(200);
    expect([sockets[0]?.closed, sockets.at(-1)?.closed]).toEqual([true, false]);
    expect(await test.ask()).toBe(200);
    await test.leave();
  });

  it('by connections that come and go, which leave nothing', async () => {
    await using test = await started();
    const before = await test.gateway.usedMb();
    for (let round = 0; round < 10; round++) {
      const sockets = await test.hold(150, round % 2 === 0 ? head('greedy', 'content-length: 9') : 'GET /h');
      for (const socket of sockets) socket.destroy();
    }
    await expect.poll(async () => (await test.gateway.usedMb()) - before).toBeLessThan(3);
    await test.leave();
  });
});

describe('One caller', { timeout }, () => {
  it('has a share of the connections with a request under way', async () => {
    await using test = await started({ maxConnectionsPerCaller: 3 });
    const held = await test.hold(3, head('greedy', 'content-length: 9'));
    // Otherwise the one that asks may come before them, and one of them be refused.
    await sleep(500);
    await expect.poll(() => test.ask('greedy')).toBe(503);
    expect(await test.ask('modest')).toBe(200);
    const response = await fetch(`${test.gateway.url}/graphql?query={__typename}`, {
      headers: { authorization: 'Bearer greedy' },
    });
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
      503,
      '1',
      { errors: [{ extensions: { code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1 } }] },
    ]);
    for (const socket of held) socket.destroy();
    await expect.poll(() => test.ask('greedy')).toBe(200);
  });
});
