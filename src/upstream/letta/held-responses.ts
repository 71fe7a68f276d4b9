import { countObjects } from '../../json/count-objects.ts';
import { HeldBytesError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';

/** What one operation holds of the upstream's responses until it has been answered. */
export interface HeldResponses {
  /** @throws HeldBytesError if it holds too much to send another request */
  check(): void;
  /** Adds the response that a value was read from, and returns the value. @throws HeldBytesError */
  hold<Value>(value: Value): Value;
  /** Tells of a list, whose size is bounded by what the operation costs, and returns it. */
  holdList<Value extends object>(list: Value): Value;
  /** Tells of the bytes of a response while they arrive; afterwards whoever takes it holds it. */
  arriving<T>(request: (onBytes: (bytes: number) => void) => Promise<T>): Promise<T>;
  /** Whether the responses of so many requests, and of one more, would fit, if all are like the largest so far. */
  hasRoom(inFlight: number): boolean;
}

/** Bytes that a response is assumed to take as long as none has taken more. */
const ASSUMED_BYTES = 1024 * 1024;

/** Bytes that an object takes at least, which may be more than its text. */
const OBJECT_BYTES = 64;

/** What responses take in bytes, by what was read from them: callers may share it. */
const sizes = new WeakMap<object, number>();

/** Parses a response, and remembers what it takes. @throws SyntaxError, UpstreamError */
export function readMeasured(body: Body): unknown {
  const text = body.text();
  const value = parseUpstreamJson(text);
  if (typeof value === 'object' && value !== null) {
    sizes.set(value, Math.max(body.length, OBJECT_BYTES * countObjects(text)));
  }
  return value;
}

/** Remembers what a list takes that was read from a response, and returns it. */
export function measured<List extends object>(list: List, { length }: Body): List {
  sizes.set(list, length);
  return list;
}

/**
 * @param maxBytes all look-ups together
 * @param onHeld called with bytes that are held from now on, or, below 0, no longer
 */
export function createHeldResponses(maxBytes: number, onHeld: (bytes: number) => void): HeldResponses {
  let bytes = 0;
  let largest = ASSUMED_BYTES;
  const check = (): void => {
    if (bytes > maxBytes) throw new HeldBytesError(maxBytes);
  };
  return {
    check,
    hold(value) {
      const size = (typeof value === 'object' && value !== null && sizes.get(value)) || 0;
      onHeld(size);
      bytes += size;
      largest = Math.max(largest, size);
      check();
      return value;
    },
    holdList(list) {
      onHeld(sizes.get(list) ?? 0);
      return list;
    },
    async arriving(request) {
      let arrived = 0;
      try {
        return await request((more) => {
          arrived += more;
          onHeld(more);
        });
      } finally {
        onHeld(-arrived);
      }
    },
    hasRoom: (inFlight) => bytes + (inFlight + 1) * largest <= maxBytes,
  };
}
