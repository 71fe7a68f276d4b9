import { countObjects } from '../../json/count-objects.ts';
import { HeldBytesError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';

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

/** What one operation holds of the upstream's responses until it has been answered. */
export class HeldResponses {
  readonly #maxBytes: number;
  readonly #onHeld: ((bytes: number) => void) | undefined;
  #bytes = 0;
  #largest = ASSUMED_BYTES;

  /**
   * @param maxBytes all look-ups together
   * @param onHeld called with bytes that are held from now on, or, below 0, no longer
   */
  constructor(maxBytes: number, onHeld?: (bytes: number) => void) {
    this.#maxBytes = maxBytes;
    this.#onHeld = onHeld;
  }

  /** @throws HeldBytesError if it holds too much to send another request */
  check(): void {
    if (this.#bytes > this.#maxBytes) throw new HeldBytesError(this.#maxBytes);
  }

  /** Adds the response that a value was read from, and returns the value. @throws HeldBytesError */
  hold<Value>(value: Value): Value {
    const size = (typeof value === 'object' && value !== null && sizes.get(value)) || 0;
    this.#onHeld?.(size);
    this.#bytes += size;
    this.#largest = Math.max(this.#largest, size);
    this.check();
    return value;
  }

  /** Tells of a list, whose size is bounded by what the operation costs, and returns it. */
  holdList<List extends object>(list: List): List {
    this.#onHeld?.(sizes.get(list) ?? 0);
    return list;
  }

  /** Whether the responses of so many requests, and of one more, would fit, if all are like the largest so far. */
  hasRoom(inFlight: number): boolean {
    return this.#bytes + (inFlight + 1) * this.#largest <= this.#maxBytes;
  }
}
