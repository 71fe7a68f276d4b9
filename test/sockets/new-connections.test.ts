import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createHandlers } from '../../src/http/handlers.ts';
import { readNewConnections } from '../../src/http/new-connections.ts';
import { listenOn } from '../support/listen-on.ts';

it('Most of a burst of connections is accepted before their requests are read, and all are answered', async () => {
  // However long it takes.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = createServer();
  readNewConnections(server);
  let accepted = 0;
  const acceptedBefore: number[] = [];
  server.on('connection', () => accepted++);
  server.on('request', (_request, response) => {
    acceptedBefore.push(accepted);
    response.end();
  });
  await using listening = await listenOn(server);
  const sockets = Array.from({ length: 100 }, () => connect(listening.port, '127.0.0.1'));
  const answers = sockets.map(async (socket) => {
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    return String(await once(socket, 'data'));
  });
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  // The eleventh request: Node alone reads it once about that many connections are accepted.
  expect(acceptedBefore[10]).toBe(100);
});

it('Connections that never cease to arrive are read from nonetheless, where turns are long', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = createServer().removeAllListeners('connection');
  readNewConnections(server);
  const read = vi.fn<() => void>();
  for (let turn = 0; turn < 60; turn++) {
    server.emit('connection', { read });
    await immediate();
    vi.advanceTimersByTime(20);
  }
  expect(read.mock.calls.length).toBeGreaterThan(30);
});

it('When a burst is over, the newest connections are read from with the first', async () => {
  const server = createServer().removeAllListeners('connection');
  readNewConnections(server);
  const order: number[] = [];
  for (let number = 0; number < 300; number++)
    server.emit('connection', { read: () => void order.push(number) });
  for (let turn = 0; turn < 4; turn++) await immediate();
  expect(order).toHaveLength(300);
  expect(order.indexOf(299)).toBeLessThan(200);
});

it('Requests wait in a burst, and what operators ask does not', async () => {
  const order: string[] = [];
  const answer = async ({ url = '' }: { readonly url?: string }): Promise<Response> => {
    order.push(url);
    const end = performance.now() + 6;
    while (performance.now() < end);
    return new Response('');
  };
  const served = { handleNodeRequestAndResponse: answer, handleRequest: answer };
  const journal = { refused: vi.fn<() => void>(), failed: vi.fn<() => void>() };
  const handlers = createHandlers(
    served,
    () => true,
    journal,
    (target) => target === '/health',
  );
  await using listening = await listenOn(createServer(handlers.listener));
  const socket = connect(listening.port, '127.0.0.1');
  for (const path of [...Array.from({ length: 10 }, () => '/graphql'), '/health'])
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  socket.resume();
  await expect.poll(() => order.length).toBe(11);
  expect(order.indexOf('/health')).toBeLessThan(4);
});
