import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { jsonPost } from '../support/execute.ts';
import { openListening } from '../support/open-listening.ts';
import { closing, connectTo } from '../support/raw-request.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const MAX_BODY_BYTES = 256 * 1024;
const BODY = '{"query":"{ __typename }"}';
const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';
const POST = ['POST /graphql HTTP/1.1', 'host: localhost', 'content-type: application/json'];
const HALF_BODY = [...POST, 'content-length: 9', '', 'half'].join('\r\n');

/** Sends a request, which need not be whole, and reads until the gateway closes the connection. */
async function exchange(url: string, sent: string): Promise<string> {
  const socket = await connectTo(url);
  socket.write(sent);
  return text(socket);
}

const padded = (length: number) => BODY + ' '.repeat(length - BODY.length);
const inChunks = (body: string, bytes: number) =>
  body.replaceAll(
    new RegExp(`[^]{1,${bytes}}`, 'g'),
    (chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
  );

describe('The body of a request', () => {
  it('that is too large costs neither the answer nor the connection', async () => {
    await using server = await openListening();
    const socket = await connectTo(server.url);
    socket.write([...POST, 'transfer-encoding: chunked', '', ''].join('\r\n'));
    socket.write(`${inChunks(padded(2 * MAX_BODY_BYTES), 10_000)}0\r\n\r\n`);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(HEALTH);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it.each([
    ['without a token', 'application/json', 'authorization: none', 401, 'UNAUTHENTICATED'],
    ['of another type', 'text/plain', 'authorization: Bearer t', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused before a byte of it has come', async (_what, type, authorization, status, code) => {
    await using server = await openListening(
      { config: { accessTokens: ['t'], apiKey: 'key' } },
      { keepAliveTimeoutMs: 1 },
    );
    for (const length of ['content-length: 1000', 'transfer-encoding: chunked']) {
      const lines = [POST[0], POST[1], `content-type: ${type}`, authorization, length, '', ''];
      // It ends although the client has sent nothing and goes on waiting.
      expect(await exchange(server.url, lines.join('\r\n'))).toMatch(
        new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"`),
      );
    }
  });

  it('that is refused by its caller does not cost the caller the answer', async () => {
    await using server = await openListening({ config: { accessTokens: ['t'], apiKey: 'key' } });
    for (let count = 0; count < 20; count++) {
      const { status } = await fetch(server.graphql, jsonPost(padded(MAX_BODY_BYTES)));
      expect(status).toBe(401);
    }
  });
});

describe('A request over its limits', () => {
  it.each([
    [
      'headers of 17 KB,',
      `GET /health HTTP/1.1\r\nhost: localhost\r\nx-large: ${'x'.repeat(17_000)}\r\n\r\n`,
    ],
    ['a URL of 17 KB,', `GET /health?${'x'.repeat(17_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
  ])('with %s more than it may have is refused', async (_what, head) => {
    await using server = await openListening();
    expect(await exchange(server.url, head)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ['that never comes', ''],
    ['of which half the headers come', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    ['of which half the body comes', HALF_BODY],
  ])('%s is not waited for longer than the time-out', async (_what, sent) => {
    await using server = await openListening({}, { headersTimeoutMs: 200, requestTimeoutMs: 300 });
    expect(await exchange(server.url, sent)).toMatch(/^(?:$|HTTP\/1\.1 408 )/);
  });

  it('behind one that is under way costs both the connection, and is counted', async () => {
    await using server = await openListening({ script: () => HANGS });
    const socket = await connectTo(server.url);
    const closed = closing(socket.resume());
    socket.write('GET /graphql?query={runs{nodes{id}}} HTTP/1.1\r\nhost: localhost\r\n\r\n' + HEALTH);
    await closed;
    expect(socket.bytesRead).toBe(0);
    await expect.poll(() => server.upstream.requests[0]?.signal.aborted ?? true).toBe(true);
    expect(await server.metrics()).toContain('runs_gateway_connections_closed_total{reason="over_limit"} 1');
  });
});

const isServed = async (socket: Socket): Promise<boolean> => {
  const closed = closing(socket);
  socket.write(HEALTH);
  const answer = new Promise((resolve) => socket.once('data', resolve));
  return String(await Promise.race([answer, closed])).startsWith('HTTP/1.1 200 ');
};

it('Of connections over MAX_CONNECTIONS each is closed at once, and the others are served', async () => {
  await using server = await openListening({ config: { maxConnections: 3 } });
  const open = () => connectTo(server.url);
  const allowed = [await open(), await open(), await open()];
  await closing((await open()).resume());
  for (const socket of allowed) expect(await isServed(socket)).toBe(true);
  expect(await server.metrics()).toContain('runs_gateway_connections_closed_total{reason="over_limit"} 1');
  for (const socket of allowed) socket.destroy();
});

it('One caller has at most MAX_REQUESTS_PER_CALLER requests under way, and another caller as many', async () => {
  await using server = await openListening({
    script: () => HANGS,
    config: { maxRequestsPerCaller: 3, accessTokens: ['greedy', 'modest'], apiKey: 'key' },
  });
  const leaving = new AbortController();
  const ask = (token: string, query: string, { signal }: { signal?: AbortSignal } = {}) =>
    fetch(`${server.graphql}?query=${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: signal ?? null,
    });
  const held = [1, 2, 3].map((first) =>
    ask('greedy', `{runs(first:${first}){nodes{id}}}`, leaving).catch(() => 'left'),
  );
  await expect.poll(() => server.upstream.requests.length).toBe(3);
  const refused = await ask('greedy', '{__typename}');
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
    503,
    '1',
    { errors: [{ extensions: { code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1 } }] },
  ]);
  expect((await ask('modest', '{__typename}')).status).toBe(200);
  leaving.abort();
  expect(await Promise.all(held)).toEqual(['left', 'left', 'left']);
  await expect.poll(async () => (await ask('greedy', '{__typename}')).status).toBe(200);
});
