import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { runningApi } from './running-api.ts';

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

test('a body that is too large is refused', async () => {
  await using api = await runningApi([]);
  const size = 1024 * 1024 + 1;
  const head = `${CANCEL}Content-Type: application/json\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`;
  const answer = await exchange(api.baseUrl, head + ' '.repeat(size));
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
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
