import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { createGateway } from '../../src/gateway.ts';
import { ask, codeOf } from '../support/ask.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { liveRun } from '../support/live-runs.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../support/raw-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';

const SECRET = 'actor-secret-4711';
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const CUT = `${HEAD}content-length: 100\r\n\r\n`;
const QUERY = '{ runs(first: 3) { nodes { id } } }';
const SERVED = { data: { runs: { nodes: [] } } };
const EMPTY = answerWith(200, '[]');

const raw =
  (text: string, then: (socket: Socket) => void = () => undefined): RawAnswer =>
  (socket) =>
    void socket.write(text, () => then(socket));
const reset = (socket: Socket): void => void socket.resetAndDestroy();
const end = (socket: Socket): void => void socket.end();

/** 300 MB as fast as they are taken. */
const huge: RawAnswer = (socket) => {
  const chunk = ' '.repeat(1_000_000);
  let chunks = 300;
  socket.write(`${HEAD}content-length: 300000000\r\n\r\n`);
  const more = (): void => {
    while (chunks-- > 0) {
      if (!socket.write(chunk)) return void socket.once('drain', more);
    }
  };
  more();
};

/** Sends blanks for ever. */
const drip: RawAnswer = (socket) => {
  socket.write(`${HEAD}\r\n[`);
  const timer = setInterval(() => socket.write(' '), 20);
  socket.on('close', () => clearInterval(timer));
};

async function open(answer: RawAnswer, config: GatewayOptions = {}) {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startRawUpstream(answer));
  const gateway = starting.use(await createGateway({ upstreamUrl: upstream.baseUrl, ...config }));
  const parts = starting.move();
  return { upstream, gateway, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe('An answer of the upstream that breaks', () => {
  it.each<[string, RawAnswer, code: string, attempts: number]>([
    ['off before it begins', (socket) => reset(socket), 'UPSTREAM_UNAVAILABLE', 3],
    ['off within the body', raw(`${CUT}[{"id"`, reset), 'UPSTREAM_UNAVAILABLE', 3],
    ['off before its length is reached', raw(`${CUT}[]`, end), 'UPSTREAM_UNAVAILABLE', 3],
    ['off within a chunk', raw(`${CHUNKED}5\r\n[`, end), 'UPSTREAM_UNAVAILABLE', 3],
    ['off by silence', () => undefined, 'UPSTREAM_TIMEOUT', 1],
    ['off by silence within the body', raw(`${CUT}[`), 'UPSTREAM_TIMEOUT', 1],
    ['the deadline by a slow drip', drip, 'UPSTREAM_TIMEOUT', 1],
    ['HTTP', raw(`SSH-2.0-${SECRET}\r\n`), 'UPSTREAM_INVALID_RESPONSE', 1],
    ['the bound of a head', raw(`${HEAD}x: ${'x'.repeat(40_000)}\r\n\r\n[]`), 'UPSTREAM_INVALID_RESPONSE', 1],
    ['its own length', raw(`${HEAD}content-length: 1\r\n\r\n[]`), 'UPSTREAM_INVALID_RESPONSE', 1],
  ])('%s is an error, and the next one is used', async (_name, answer, code, attempts) => {
    // No answer is waited for long, where there is none.
    const upstreamTimeoutMs = code === 'UPSTREAM_TIMEOUT' ? 700 : 20_000;
    await using parts = await open(answer, { upstreamTimeoutMs });
    const failed = await ask(parts.gateway, 'one', QUERY);
    expect(codeOf(failed)).toBe(code);
    expect(JSON.stringify(failed)).not.toContain(SECRET);
    expect(parts.upstream.heads).toHaveLength(attempts);
    parts.upstream.answer = EMPTY;
    expect(await ask(parts.gateway, 'one', QUERY)).toEqual(SERVED);
  });

  it('the bound of its size is broken off there, not read to the end', async () => {
    const sent = Promise.withResolvers<number>();
    await using parts = await open((socket, request) => {
      huge(socket, request);
      socket.on('close', () => sent.resolve(socket.bytesWritten));
    });
    const { errors } = await ask(parts.gateway, 'one', QUERY);
    expect(errors?.[0]).toMatchObject({
      message: 'The response of the runs API is larger than 33554432 bytes, as sent or in memory.',
      extensions: { code: 'UPSTREAM_INVALID_RESPONSE', retryable: false, maxBytes: 33_554_432 },
    });
    // 32 MiB, and what fits into the buffers of the sockets.
    expect(await sent.promise).toBeLessThan(64_000_000);
    expect(parts.upstream.heads).toHaveLength(1);
  });
});

it.each<[string, RawAnswer]>([
  ['comes in pieces', raw(`${CHUNKED}1\r\n[\r\n1\r\n]\r\n0\r\n\r\n`)],
  [
    'is announced by another one',
    raw(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${HEAD}content-length: 2\r\n\r\n[]`),
  ],
])('An answer that %s is used', async (_name, answer) => {
  await using parts = await open(answer);
  expect(await ask(parts.gateway, 'one', QUERY)).toEqual(SERVED);
  expect(parts.upstream.heads).toHaveLength(1);
});

it.each([
  ['waits for the answer', ''],
  ['reads the body', `${CUT}[`],
])('A client that leaves while its request %s closes the connection', async (_name, text) => {
  const closed = Promise.withResolvers<void>();
  const client = new AbortController();
  await using parts = await open((socket) => {
    socket.once('close', () => closed.resolve());
    socket.write(text, () => client.abort());
  });
  await ask(parts.gateway, 'one', QUERY, client.signal).catch(() => undefined);
  await closed.promise;
});

it('A POST is the only request on its connection', async () => {
  const { id, agent_id, ...run } = liveRun(1);
  const ports = new Map<number | undefined, string[]>();
  await using parts = await open((socket, request) => {
    const [method = '', path = ''] = request.head.split(' ');
    ports.set(socket.remotePort, [...(ports.get(socket.remotePort) ?? []), method]);
    const agent = { id: agent_id, pending_approval: null };
    const shown = path.startsWith('/v1/agents/') ? agent : { ...run, id, agent_id };
    answerWith(200, JSON.stringify(shown))(socket, request);
  });
  const cancel = `mutation { cancelRuns(ids: ["${id}"]) { failures { code message } } }`;
  for (const _again of [1, 2]) await ask(parts.gateway, 'one', cancel);
  expect([...ports.values()].filter((methods) => methods.includes('POST'))).toEqual([['POST'], ['POST']]);
  for (const head of parts.upstream.heads.filter((each) => each.startsWith('POST'))) {
    expect(head.toLowerCase()).toMatch(/^authorization: bearer one$/m);
    expect(head.toLowerCase()).toMatch(/^content-type: application\/json$/m);
  }
});

describe('A gateway behind a proxy', () => {
  it('asks and checks the upstream through it, with its credentials', async () => {
    await using proxy = await startForwardProxy('user:p@ss');
    const upstreamProxy = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
    await using parts = await open(EMPTY, { upstreamProxy });
    expect(await ask(parts.gateway, 'one', QUERY)).toEqual(SERVED);
    const ready = await parts.gateway.fetch(new Request('http://localhost/ready'));
    expect(ready.status).toBe(200);
    const { baseUrl } = parts.upstream;
    const page = expect.stringContaining(`GET ${baseUrl}/v1/runs/?`);
    expect(proxy.asked).toEqual([page, `GET ${baseUrl}/v1/health/`]);
  });

  it('shows nobody the credentials where the proxy refuses them', async () => {
    await using proxy = await startForwardProxy('user:other');
    const { log, lines } = recordedLog();
    const upstreamProxy = `http://user:hunter22@127.0.0.1:${proxy.port}`;
    await using parts = await open(EMPTY, { upstreamProxy, log });
    const answer = JSON.stringify(await ask(parts.gateway, 'one', QUERY));
    expect(answer).toContain('UPSTREAM_UNAVAILABLE');
    expect(lines.length).toBeGreaterThan(0);
    expect(answer + JSON.stringify(lines)).not.toMatch(/hunter|dXNlcjpodW50/);
  });
});
