import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { defaults } from '../../src/config/config.ts';
import { listen } from '../../src/http/server/listen.ts';
import { connectTo } from '../support/raw-request.ts';

it('The requests of one connection are handled in turn, each when the one before is answered', async () => {
  const waiting: ServerResponse[] = [];
  await using server = await listen(
    { ...defaults, listener: (_request, response) => void waiting.push(response) },
    { port: 0, drainTimeoutMs: 100 },
  );
  const socket = await connectTo(server.url);
  let answers = '';
  socket.on('data', (chunk) => (answers += String(chunk)));
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50));
  for (let number = 1; number <= 50; number++) {
    await expect.poll(() => waiting.length).toBe(number);
    // Nothing else is handled meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(waiting).toHaveLength(number);
    waiting.at(-1)?.end(`answer ${number};`);
  }
  await expect.poll(() => answers).toContain('answer 50;');
  expect(answers.match(/answer \d+;/g)).toHaveLength(50);

  const other = await connectTo(server.url);
  other.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3));
  await expect.poll(() => waiting.length).toBe(51);
  other.destroy();
  await once(waiting.at(-1) ?? other, 'close');
  await new Promise((resolve) => setTimeout(resolve, 20));
  // The two that were waiting are forgotten with their connection.
  expect(waiting).toHaveLength(51);
  socket.destroy();
});

it('A connection on which very many requests wait is closed', async () => {
  const listener = vi.fn();
  const connectionClosed = vi.fn();
  await using server = await listen(
    { ...defaults, listener, metrics: { connectionClosed } },
    { port: 0, drainTimeoutMs: 100 },
  );
  const socket = await connectTo(server.url);
  socket.on('error', () => undefined).resume();
  const closed = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(200));
  await closed;
  expect(listener).toHaveBeenCalledOnce();
  expect(connectionClosed).toHaveBeenCalledExactlyOnceWith('over_limit');
});

it('An upgrade behind a request that is not answered yet is a request like others', async () => {
  const upgrade = vi.fn();
  const waiting: ServerResponse[] = [];
  await using server = await listen(
    { ...defaults, upgrade, listener: (_request, response) => void waiting.push(response) },
    { port: 0, drainTimeoutMs: 100 },
  );
  const socket = await connectTo(server.url);
  let answers = '';
  socket.on('data', (chunk) => (answers += String(chunk)));
  const head = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
  socket.write(`${head}\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  for (let number = 1; number <= 2; number++) {
    await expect.poll(() => waiting.length).toBe(number);
    waiting.at(-1)?.end(`answer ${number};`);
  }
  await expect.poll(() => answers).toContain('answer 2;');
  expect(upgrade).not.toHaveBeenCalled();
  socket.destroy();
});
