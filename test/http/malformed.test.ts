import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';

it('A client that is still sending can read why its request is malformed, and is not reset', async () => {
  await using gateway = await createGateway({ port: 0 });
  await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
  const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
  const errors: Error[] = [];
  let answer = '';
  socket.on('error', (error) => errors.push(error)).on('data', (data) => (answer += String(data)));
  socket.write(`POST /graphql HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`);
  for (let piece = 0; piece < 10; piece++) {
    socket.write('x'.repeat(100_000));
    await sleep(20);
  }
  expect(errors).toEqual([]);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  socket.destroy();
});
