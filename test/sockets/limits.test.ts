import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { jsonPost } from '../support/execute.ts';
import { openListening } from '../support/open-listening.ts';
import { closing, connectTo, sendRaw } from '../support/raw-request.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const MAX_BODY_BYTES = 256 * 1024;
const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';
const POST = ['POST /graphql HTTP/1.1', 'host: localhost', 'content-type: application/json'];

describe('The body of a request', () => {
  it('that is too large costs neither the answer nor the connection', async () => {
    await using server = await openListening();
    const socket = await connectTo(server.url);
    socket.write([...POST, 'transfer-encoding: chunked', '', ''].join('\r\n'));
    const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
    socket.write(`${chunk.repeat((2 * MAX_BODY_BYTES) / 0x2000)}0\r\n\r\n`);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(HEALTH);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it.each([
    ['without a token', 'application/json', 'authorization: none', 401, 'UNAUTHENTICATED'],
    ['of another type', 'text/plain', 'authorization: Bearer t', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused before a byte of it has come', async (_what, type, authorization, status, code) => {
    await using server = await openListening({ config: { accessTokens: ['t'], apiKey: 'key' } });
    for (const length of ['content-length: 1000', 'transfer-encoding: chunked']) {
      // It ends although the client has sent nothing and goes on waiting.
      const head = ['POST /graphql HTTP/1.1', 'host: localhost', `content-type: ${type}`, authorization];
      const answer = await sendRaw(server.url, [...head, length]);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"`));
    }
  });

  it('that is refused by its caller does not cost the caller the answer', async () => {
    await using server = await openListening({ config: { accessTokens: ['t'], apiKey: 'key' } });
    for (let count = 0; count < 20; count++) {
      const { status } = await fetch(server.graphql, jsonPost('x'.repeat(MAX_BODY_BYTES)));
      expect(status).toBe(401);
    }
  });
});

describe('A request over its limits', () => {
  it.each([
    ['that never comes', ''],
    ['of which half the headers come', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    ['of which half the body comes', [...POST, 'content-length: 9', '', 'half'].join('\r\n')],
  ])('%s is not waited for longer than the time-out', async (_what, sent) => {
    await using server = await openListening({}, { headersTimeoutMs: 200, requestTimeoutMs: 300 });
    const socket = await connectTo(server.url);
    socket.write(sent);
    expect(await text(socket)).toMatch(/^(?:$|HTTP\/1\.1 408 )/);
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

it('Of connections over MAX_CONNECTIONS each is closed at once, and the others are served', async () => {
  await using server = await openListening({ config: { maxConnections: 3 } });
  const open = () => connectTo(server.url);
  const allowed = [await open(), await open(), await open()];
  await closing((await open()).resume());
  for (const socket of allowed) {
    socket.write(HEALTH);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }
  expect(await server.metrics()).toContain('runs_gateway_connections_closed_total{reason="over_limit"} 1');
});

it('One caller has at most MAX_REQUESTS_PER_CALLER requests under way, and another caller as many', async () => {
  await using server = await openListening({
    script: () => HANGS,
    config: { maxRequestsPerCaller: 3, accessTokens: ['greedy', 'modest'], apiKey: 'key' },
  });
  const leaving = new AbortController();
  const ask = (token: string, query: string, signal: AbortSignal | null = null) =>
    fetch(`${server.graphql}?query=${query}`, { headers: { authorization: `Bearer ${token}` }, signal });
  const queries = [1, 2, 3].map((first) => `{runs(first:${first}){nodes{id}}}`);
  const held = queries.map((query) => ask('greedy', query, leaving.signal).catch(() => 'left'));
  await expect.poll(() => server.upstream.requests.length).toBe(3);
  const refused = await ask('greedy', '{__typename}');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  const extensions = { code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1 };
  expect(await refused.json()).toMatchObject({ errors: [{ extensions }] });
  expect((await ask('modest', '{__typename}')).status).toBe(200);
  leaving.abort();
  expect(await Promise.all(held)).toEqual(['left', 'left', 'left']);
  await expect.poll(async () => (await ask('greedy', '{__typename}')).status).toBe(200);
});
