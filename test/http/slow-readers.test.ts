import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Clients } from '../../src/http/server/clients.ts';
import { Connection } from '../../src/http/server/connection.ts';
import { listen } from '../../src/http/server/listen.ts';
import { send } from '../../src/http/server/send.ts';
import { CHUNK_BYTES } from '../../src/http/server/send.ts';
import { createMemory } from '../../src/memory/index.ts';
import { openSocket } from '../support/raw-socket.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const MEBIBYTE = 1024 * 1024;

/** One that has been read whole. */
const request = { complete: true, headers: {} } as IncomingMessage;

/** A client that takes what is written when it is told to. */
class Client extends EventEmitter {
  written = 0;
  isEnded = false;
  isCutOff = false;
  #waiting: (() => void)[] = [];

  writeHead(): void {}

  write(chunk: Uint8Array, done?: () => void): boolean {
    this.written += chunk.length;
    if (done !== undefined) this.#waiting.push(done);
    return false;
  }

  end(chunk?: Uint8Array): void {
    this.written += chunk?.length ?? 0;
    this.isEnded = true;
  }

  /** Reads what has been written; false if there was nothing. */
  async read(): Promise<boolean> {
    const done = this.#waiting.splice(0);
    for (const each of done) each();
    await nextTurn();
    return done.length > 0;
  }

  /** Reads all that there is to read. */
  async finish(): Promise<void> {
    while (await this.read());
    this.emit('close');
  }

  destroy(): void {
    this.isCutOff = true;
    this.emit('close');
  }

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

describe('An answer', () => {
  const start = () => {
    const memory = createMemory({ budgetBytes: 256 * MEBIBYTE });
    const clients = new Clients(memory, 10);
    let count = 0;
    const sendTo = (mebibytes: number): Client => {
      const client = new Client();
      const caller = clients.open(() => client.destroy());
      client.once('close', () => caller.close());
      caller.begin(`caller ${++count}`);
      if (!caller.hold(mebibytes * MEBIBYTE)) client.destroy();
      const answer = { status: 200, headers: {}, body: [Buffer.alloc(mebibytes * MEBIBYTE)] };
      send(request, client.response, answer, caller);
      return client;
    };
    return { sendTo, memory };
  };

  it('is sent in chunks, as the client reads, and all of it', async () => {
    const { sendTo } = start();
    const client = sendTo(3);
    expect(client.written).toBeLessThan(MEBIBYTE);
    await client.finish();
    expect([client.written, client.isEnded, client.isCutOff]).toEqual([3 * MEBIBYTE, true, false]);
  });

  it('is cut off when too much is waiting and it is the largest, and nobody who has read much', async () => {
    const { sendTo } = start();
    const reading = sendTo(100);
    const silent = sendTo(100);
    const later = sendTo(50);
    for (let turn = 0; turn < 3; turn++) await reading.read();
    expect([reading, silent, later].map(({ isCutOff }) => isCutOff)).toEqual([false, false, false]);
    sendTo(30);
    expect([reading, silent, later].map(({ isCutOff }) => isCutOff)).toEqual([false, true, false]);
  });

  it('gives room back when it is read, or its client is gone', async () => {
    const { sendTo, memory } = start();
    for (let turn = 0; turn < 3; turn++) {
      await sendTo(200).finish();
      sendTo(200).destroy();
    }
    const last = sendTo(200);
    expect(last.isCutOff).toBe(false);
    expect(memory.held.answer).toBe(200 * MEBIBYTE);
  });
});

it('A client that reads a trickle is told from one that reads slowly, and from one that has nothing to read', () => {
  const start = () => {
    const socket = { bytesWritten: 30 * MEBIBYTE, writableLength: 0, bytesRead: 0 };
    const connection = new Connection(
      socket as unknown as Socket,
      undefined,
      () => undefined,
      () => undefined,
    );
    return { socket, isTrickling: (second: number) => connection.isTrickling(second * 1000) };
  };
  const [trickling, slow, idle] = [start(), start(), start()];
  for (const { socket } of [trickling, slow]) socket.writableLength = 30 * MEBIBYTE;
  const cutOff = { trickling: 0, slow: 0, idle: 0 };
  for (let second = 0; second < 200; second++) {
    if (second % 20 === 0) slow.socket.writableLength -= CHUNK_BYTES;
    if (second === 10) trickling.socket.writableLength -= CHUNK_BYTES;
    cutOff.trickling ||= trickling.isTrickling(second) ? second : 0;
    cutOff.slow ||= slow.isTrickling(second) ? second : 0;
    cutOff.idle ||= idle.isTrickling(second) ? second : 0;
  }
  expect(cutOff).toEqual({ trickling: 129, slow: 0, idle: 0 });
});

it('A client that reads nothing of its WebSocket is cut off', async () => {
  await using test = await startTestGateway();
  await using listener = await listen(test.gateway, { host: '127.0.0.1', port: 0, writeTimeoutMs: 200 });
  await using socket = await openSocket(`${listener.url}/graphql`);
  await socket.next();
  // One that has nothing to read is not.
  await sleep(1_000);
  socket.send({ type: 'ping' });
  expect(await socket.next()).toEqual({ type: 'pong' });
  socket.client.pause();
  const query = getIntrospectionQuery();
  for (let id = 0; id < 200; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: { query } });
  await expect
    .poll(() => test.gateway.metrics.registry.metrics())
    .toContain('connections_closed_total{reason="not_reading"} 1');
  socket.client.resume();
}, 60_000);
