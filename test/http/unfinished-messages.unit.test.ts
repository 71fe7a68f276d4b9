import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as ws from 'ws';
import { type Receiver, watchUnfinished } from '../../src/http/websocket/unfinished.ts';
import { createMemory } from '../../src/memory/index.ts';

const BUDGET = 16 * 1024 * 1024;

/** A frame of a client. The mask is all zeroes. */
function frameOf(opcode: number, isLast: boolean, length: number): Buffer {
  const long = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (long.length === 2) long.writeUInt16BE(length);
  if (long.length === 8) long.writeBigUInt64BE(BigInt(length));
  const short = long.length === 0 ? length : long.length === 2 ? 126 : 127;
  const head = Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | short]);
  return Buffer.concat([head, long, Buffer.alloc(4), Buffer.alloc(length, 0x7b)]);
}

const length = fc.oneof(fc.nat(130), fc.constantFrom(125, 126, 65_535, 65_536), fc.nat(70_000));
const control = fc
  .constantFrom(0x9, 0xa)
  .chain((opcode) => fc.nat(125).map((bytes) => frameOf(opcode, true, bytes)));
/** A message in frames, with pings and pongs between them. */
const message = fc
  .tuple(fc.array(length, { minLength: 1, maxLength: 4 }), fc.option(control, { nil: undefined }))
  .map(([lengths, between]) =>
    lengths.flatMap((bytes, index) => [
      ...(between === undefined ? [] : [between]),
      frameOf(index === 0 ? 1 : 0, index === lengths.length - 1, bytes),
    ]),
  );

describe('What has come in and is no whole message', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const memory = createMemory({ budgetBytes: BUDGET });
    const cutOff = vi.fn(() => true);
    const holder = memory.open(() => undefined);
    holder.identify('caller');
    // The types don't know it.
    const { Receiver: Parser } = ws as unknown as { Receiver: new (options: object) => Writable & Receiver };
    const receiver = new Parser({ isServer: true, allowSynchronousEvents: false });
    const unfinished = watchUnfinished(receiver, holder, cutOff);
    receiver.on('message', () => unfinished.clear());
    for (const event of ['message', 'ping', 'pong']) receiver.on(event, () => unfinished.update());
    /** A part comes in, and what is whole has its turn. */
    const add = async (part: Uint8Array): Promise<void> => {
      receiver.write(part);
      unfinished.update();
      for (let turn = 0; turn < 40; turn++) await nextTurn();
    };
    return { memory, cutOff, unfinished, add };
  };

  it('is entered with at least its bytes, and only until it is whole, in whatever parts it comes', async () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 4 }), cuts, async (messages, at) => {
        const { memory, add } = start();
        const bytes = Buffer.concat(messages.flat());
        /** The positions behind each message. */
        const ends = messages.map(
          (_message, index) => Buffer.concat(messages.slice(0, index + 1).flat()).length,
        );
        const positions = new Set([...at.map((share) => Math.ceil(share * bytes.length)), bytes.length, 0]);
        let from = 0;
        for (const to of [...positions].toSorted((a, b) => a - b).slice(1)) {
          await add(bytes.subarray(from, to));
          from = to;
          const begun = to - Math.max(0, ...ends.filter((end) => end <= to));
          expect(memory.held.input > 0).toBe(begun > 0);
          expect(memory.held.input).toBeGreaterThanOrEqual(begun);
        }
      }),
    );
  });

  it('is due in half a minute, and no later because more of it, or a pong, comes', async () => {
    const { add, cutOff } = start();
    const whole = frameOf(1, true, 1000);
    for (let count = 0; count < 100; count++) {
      await add(whole.subarray(0, 500));
      vi.advanceTimersByTime(16_000);
      await add(whole.subarray(500));
      vi.advanceTimersByTime(60_000);
    }
    expect(cutOff).not.toHaveBeenCalled();
    await add(frameOf(1, false, 10));
    for (let second = 0; second < 40; second++) {
      await add(frameOf(0xa, true, 0));
      await add(frameOf(0, false, 1));
      vi.advanceTimersByTime(1000);
    }
    expect(cutOff).toHaveBeenCalledOnce();
  });

  it('gets as long again while nothing is read from the client, because it does not read either', async () => {
    const { add, cutOff } = start();
    cutOff.mockReturnValueOnce(false);
    await add(frameOf(1, true, 1000).subarray(0, 500));
    vi.advanceTimersByTime(60_000);
    expect(cutOff).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(cutOff).toHaveBeenCalledTimes(2);
  });

  it('is cut off when it is more than may be held', async () => {
    const { memory, unfinished, add, cutOff } = start();
    for (let count = 0; count < 300 && cutOff.mock.calls.length === 0; count++) {
      await add(frameOf(0xa, true, 125));
      await add(frameOf(count === 0 ? 1 : 0, false, 100_000));
    }
    expect(cutOff).toHaveBeenCalled();
    expect(memory.held.input).toBeLessThanOrEqual(BUDGET);
    // It is there until the connection is closed.
    expect(memory.held.input).toBeGreaterThan(BUDGET / 2);
    unfinished.clear();
    expect(memory.held.input).toBe(0);
  });
});
