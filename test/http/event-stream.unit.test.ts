import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventStream } from '../../src/http/graphql/event-stream.ts';
import type { OperationAnswer } from '../../src/operations/operation-request.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const HEARTBEAT_MS = 12_000;
const ANSWER: OperationAnswer = { data: Buffer.from('{"data":{"a":1}}'), errors: [] };

/** Answers once, when told to, and tells what waits for it. */
function idleStream() {
  const held = Promise.withResolvers<IteratorResult<OperationAnswer>>();
  const waits = vi.spyOn(held.promise, 'then');
  let asked = 0;
  const answers: AsyncIterableIterator<OperationAnswer> = {
    next: () => (asked++ === 0 ? held.promise : Promise.resolve({ done: true, value: undefined })),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return { waits, answers, answer: () => held.resolve({ done: false, value: ANSWER }) };
}

it('A stream that is idle for hours sends heartbeats, and remembers nothing of them', async () => {
  const { waits, answers, answer } = idleStream();
  const parts: string[] = [];
  const read = (async () => {
    for await (const part of eventStream({ answers })) parts.push(Buffer.from(part).toString());
  })();
  await vi.advanceTimersByTimeAsync(1000 * HEARTBEAT_MS + 1);
  expect(parts).toEqual(Array.from({ length: 1 + 1000 }, () => ':\n\n'));
  expect(waits).toHaveBeenCalledTimes(1);
  answer();
  await read;
  expect(parts.slice(1001)).toEqual([
    'event: next\ndata: {"data":{"a":1}}\n\n',
    'event: complete\ndata:\n\n',
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
