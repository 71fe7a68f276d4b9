import { HeldBytesError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';

/** What one operation holds of the upstream's responses until it has been answered. */
export interface HeldResponses {
  /** @throws HeldBytesError if it holds too much to send another request */
  check(): void;
  /** Adds the response that a value was read from, and returns the value. @throws HeldBytesError */
  hold<Value>(value: Value): Value;
}

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
  const check = (): void => {
    if (bytes > maxBytes) throw new HeldBytesError(maxBytes);
  };
  return {
    check,
    hold(value) {
      if (typeof value === 'object' && value !== null) bytes += sizes.get(value) ?? 0;
      check();
      return value;
    },
  };
}
