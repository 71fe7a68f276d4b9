import { HeldBytesError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';

/** What one operation holds of the upstream's responses until it has been answered. */
export interface HeldResponses {
  /** @throws HeldBytesError if it holds too much to send another request */
  check(): void;
  /** Adds the response that a value was read from, and returns the value. @throws HeldBytesError */
  hold<Value>(value: Value): Value;
  /** Whether the responses of so many requests, and of one more, would fit, if all are like the largest so far. */
  hasRoom(inFlight: number): boolean;
}

/** Bytes that a response is assumed to take as long as none has taken more. */
const ASSUMED_BYTES = 1024 * 1024;

/** The sizes of responses in bytes, by what was read from them: callers may share it. */
const sizes = new WeakMap<object, number>();

/** Returns a reader that remembers the size of what it reads. */
export function measured(read: (body: Body) => unknown): (body: Body) => unknown {
  return (body) => {
    const value = read(body);
    if (typeof value === 'object' && value !== null) sizes.set(value, body.length);
    return value;
  };
}

/** @param maxBytes all responses together */
export function createHeldResponses(maxBytes: number): HeldResponses {
  let bytes = 0;
  let largest = ASSUMED_BYTES;
  const check = (): void => {
    if (bytes > maxBytes) throw new HeldBytesError(maxBytes);
  };
  return {
    check,
    hold(value) {
      const size = (typeof value === 'object' && value !== null && sizes.get(value)) || 0;
      bytes += size;
      largest = Math.max(largest, size);
      check();
      return value;
    },
    hasRoom: (inFlight) => bytes + (inFlight + 1) * largest <= maxBytes,
  };
}
