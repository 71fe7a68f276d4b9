import { getHeapStatistics } from 'node:v8';

/** Bytes of the buffer at most, and the share of the heap's limit that it is at most. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_SHARE = 1 / 8;

let slack: ArrayBuffer | undefined;

/**
 * Lets the heap grow more between full collections, by a buffer that is never touched and so takes no memory. V8 begins
 * a collection once the room that is left, a share of all that is in use, is no more than the young generation. For a heap
 * as small as the gateway's it always is: without the buffer V8 collects twice a second under load, and compiles what it
 * has optimized again each time.
 */
export function reserveHeapSlack(): ArrayBuffer {
  const bytes = Math.min(MAX_BYTES, getHeapStatistics().heap_size_limit * MAX_SHARE);
  slack ??= new ArrayBuffer(Math.floor(bytes));
  return slack;
}
