import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../src/http/server/clients.ts';
import { createOutbox } from '../../src/http/server/outbox.ts';
import { createMemory } from '../../src/memory/index.ts';

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
  read(): boolean {
    const done = this.#waiting.splice(0);
    for (const each of done) each();
    return done.length > 0;
  }

  /** Reads all that there is to read. */
  finish(): void {
    while (this.read());
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

describe('The outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const closed = vi.fn();
    const outbox = createOutbox({ onClose: closed, now: () => Date.now() });
    const memory = createMemory({ budgetBytes: 256 * MEBIBYTE });
    const clients = createClients(memory, 10);
    let count = 0;
    const sendTo = (mebibytes: number): Client => {
      const client = new Client();
      const caller = clients.open(() => client.destroy());
      client.once('close', caller.close);
      caller.begin(`caller ${++count}`);
      if (!caller.holder.take('answer', mebibytes * MEBIBYTE)) client.destroy();
      const answer = { status: 200, headers: {}, body: [Buffer.alloc(mebibytes * MEBIBYTE)] };
      outbox.send(request, client.response, answer, caller);
      return client;
    };
    return { sendTo, closed, memory };
  };

  it('sends a large body in chunks, as the client reads, and all of it', () => {
    const { sendTo, closed } = start();
    const client = sendTo(3);
    expect(client.written).toBeLessThan(MEBIBYTE);
    client.finish();
    expect([client.written, client.isEnded, client.isCutOff]).toEqual([3 * MEBIBYTE, true, false]);
    expect(closed).not.toHaveBeenCalled();
  });

  it('cuts off a client that reads a trickle, and none that reads slowly', () => {
    const { sendTo, closed } = start();
    const trickling = sendTo(30);
    const slow = sendTo(30);
    for (let second = 0; second < 120; second++) {
      if (second % 5 === 0) slow.read();
      if (second === 10) trickling.read();
      vi.advanceTimersByTime(1000);
    }
    expect([trickling.isCutOff, slow.isCutOff]).toEqual([true, false]);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('cuts off those who have not read for longest when too much is waiting, and nobody who reads', () => {
    const { sendTo } = start();
    const reading = sendTo(100);
    const silent = sendTo(100);
    vi.advanceTimersByTime(500);
    const later = sendTo(50);
    for (let turn = 0; turn < 3; turn++) {
      reading.read();
      vi.advanceTimersByTime(700);
    }
    expect([reading, silent, later].map(({ isCutOff }) => isCutOff)).toEqual([false, false, false]);
    sendTo(30);
    expect([reading, silent, later].map(({ isCutOff }) => isCutOff)).toEqual([false, true, false]);
  });

  it('gives room back when an answer is read, or its client is gone', () => {
    const { sendTo, closed, memory } = start();
    for (let turn = 0; turn < 20; turn++) {
      sendTo(200).finish();
      sendTo(200).destroy();
      vi.advanceTimersByTime(2000);
    }
    const last = sendTo(200);
    vi.advanceTimersByTime(2000);
    expect(last.isCutOff).toBe(false);
    expect(memory.held.answer).toBe(200 * MEBIBYTE);
    expect(closed).not.toHaveBeenCalled();
  });
});
