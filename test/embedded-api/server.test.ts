import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/embedded-api/collect-body.ts';
import { startRunsApi } from '../../src/embedded-api/server.ts';
import { openStore } from '../../src/embedded-api/store/store.ts';
import { FIVE_RUNS, runningApi } from './running-api.ts';

test('the headers are those of uvicorn, and no others', async () => {
  await using api = await runningApi(FIVE_RUNS);
  const response = await api.get('/v1/runs/?limit=1');
  const body = await response.text();
  expect([...response.headers.keys()].toSorted()).toEqual([
    'content-length',
    'content-type',
    'date',
    'server',
  ]);
  expect(response.headers.get('server')).toBe('uvicorn');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
});

test('a redirect names the host that the client named', async () => {
  await using api = await runningApi([]);
  const socket = connect(Number(new URL(api.baseUrl).port), '127.0.0.1');
  socket.write('GET /v1/runs?a=b HTTP/1.1\r\nHost: letta.test:1234\r\nConnection: close\r\n\r\n');
  expect(await text(socket)).toContain('location: http://letta.test:1234/v1/runs/?a=b\r\n');
});

test('one connection serves several requests', async () => {
  await using api = await runningApi([]);
  const socket = connect(Number(new URL(api.baseUrl).port), '127.0.0.1');
  const request = 'GET /v1/health/ HTTP/1.1\r\nHost: letta.test\r\n';
  socket.write(`${request}\r\n${request}Connection: close\r\n\r\n`);
  expect((await text(socket)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});

test('a port already in use rejects with the original error', async () => {
  await using api = await runningApi([]);
  const port = Number(new URL(api.baseUrl).port);
  await expect(startRunsApi({ store: api.store, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('disposing cuts open connections, frees the port and can be repeated', async () => {
  using store = openStore();
  const api = await startRunsApi({ store });
  const port = Number(new URL(api.baseUrl).port);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const ended = once(socket, 'close');
  await api[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await ended;
  await using again = await startRunsApi({ store, port });
  expect(again.baseUrl).toBe(api.baseUrl);
});

test('an unexpected error is a plain 500, and goes to onError', async () => {
  using store = openStore();
  const reported: unknown[] = [];
  await using api = await startRunsApi({ store, onError: (error) => reported.push(error) });
  store[Symbol.dispose]();
  const response = await fetch(`${api.baseUrl}/v1/runs/`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ detail: 'An unknown error occurred' });
  expect(reported).toHaveLength(1);
});

/** What the server sends for these bytes until it closes the connection. */
async function exchange(baseUrl: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

test('the headers are in the order in which uvicorn sends them', async () => {
  await using api = await runningApi([]);
  const answer = await exchange(
    api.baseUrl,
    'PUT /v1/runs/ HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nConnection: close\r\n\r\n',
  );
  expect(answer.split('\r\n\r\n')[0]?.match(/^[\w-]+(?=:)/gm)).toEqual([
    'date',
    'server',
    'allow',
    'content-length',
    'content-type',
    'access-control-allow-credentials',
    'Connection',
  ]);
});

test('after an unhandled error the connection is closed without notice', async () => {
  await using api = await runningApi([]);
  const answer = await exchange(api.baseUrl, 'DELETE /v1/runs/x HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 500 .*\{"detail":"An unknown error occurred"\}$/s);
  expect(answer).not.toMatch(/^connection:/im);
});

test('what is not HTTP is refused in the words of uvicorn', async () => {
  await using api = await runningApi([]);
  expect(await exchange(api.baseUrl, 'nonsense\r\n\r\n')).toBe(
    'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n' +
      'Invalid HTTP request received.',
  );
});

test('the first of a repeated header counts', async () => {
  await using api = await runningApi([]);
  const answer = await exchange(
    api.baseUrl,
    'GET /v1/runs/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nuser_id: me\r\nUser_Id: you\r\n\r\n',
  );
  expect(answer).toContain('Invalid user ID format: me.');
});

test('nobody is told to go on sending a body that is not read', async () => {
  await using api = await runningApi([]);
  const head = 'POST /v1/runs/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n';
  expect(await exchange(api.baseUrl, head)).toMatch(/^HTTP\/1.1 405 /);
});

const CANCEL =
  'POST /v1/agents/agent-00000000-0000-4000-8000-00000000000a/messages/cancel HTTP/1.1\r\nHost: a\r\n';
const JSON_BODY = 'Content-Type: application/json\r\nConnection: close\r\n';

test('a body is read in whatever parts it comes', async () => {
  await using api = await runningApi([]);
  const chunks = '8\r\n{"run_id\r\n7\r\ns":["a"\r\n2\r\n]}\r\n0\r\n\r\n';
  const answer = await exchange(
    api.baseUrl,
    `${CANCEL}${JSON_BODY}Transfer-Encoding: chunked\r\n\r\n${chunks}`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 .*\{"a":"failed"\}$/s);
});

test('whoever asks first is told to send a body that is read', async () => {
  await using api = await runningApi([]);
  const head = `${CANCEL}${JSON_BODY}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
  expect(await exchange(api.baseUrl, `${head}{}`)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 409 /);
});

test('a body that is too large is refused before its end, and nothing more is read', async () => {
  await using api = await runningApi([]);
  const size = MAX_BODY_BYTES + 1;
  const head = `${CANCEL}Content-Type: application/json\r\nContent-Length: ${2 * size}\r\n\r\n`;
  const answer = await exchange(api.baseUrl, head + ' '.repeat(size));
  expect(answer).toMatch(/^HTTP\/1.1 413 .*Connection: close/s);
  const whole = `${CANCEL}${JSON_BODY}Content-Length: ${MAX_BODY_BYTES}\r\n\r\n{}${' '.repeat(MAX_BODY_BYTES - 2)}`;
  expect(await exchange(api.baseUrl, whole)).toMatch(/^HTTP\/1.1 409 /);
});

test('a client that goes away while it sends a body leaves the server as it was', async () => {
  const reported: unknown[] = [];
  await using api = await runningApi([], { onError: (error) => reported.push(error) });
  const socket = connect(Number(new URL(api.baseUrl).port), '127.0.0.1');
  socket.write(`${CANCEL}${JSON_BODY}Content-Length: 10\r\n\r\n{`);
  await setTimeout(50);
  socket.destroy();
  await setTimeout(50);
  expect((await api.get('/v1/health/')).status).toBe(200);
  expect(reported).toEqual([]);
});

test('a password comes before the body', async () => {
  await using api = await runningApi([], { password: 'correct-horse' });
  const answer = await exchange(api.baseUrl, `${CANCEL}${JSON_BODY}Content-Length: 1\r\n\r\n{`);
  expect(answer).toMatch(/^HTTP\/1.1 401 /);
});
