import type { Position } from '../../lists/position.ts';
import { instantOf } from '../../runs/position.ts';

// The bytes of a cursor, as hex digits. An id is a length and its characters; 0 stands for `run-` and a UUID.

const ID = /^(?:run|job)-[0-9A-Za-z_-]{1,64}$/;
const COMPACT_ID = /^run-([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** Whether an id is `run-` and a UUID. */
export function isCompact(id: string): boolean {
  return COMPACT_ID.test(id);
}

/** Returns the 32 digits of a compact id. */
export function digitsOf(id: string): string {
  return id.slice(4, 12) + id.slice(13, 17) + id.slice(18, 22) + id.slice(23, 27) + id.slice(28);
}

export function expandedId(digits: string): string {
  return `run-${[digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-')}`;
}

/** @param size the number of bytes */
export function writeNumber(value: number | bigint, size: number): string {
  return value.toString(16).padStart(size * 2, '0');
}

export function writeId(id: string): string {
  if (isCompact(id)) return writeNumber(0, 1) + digitsOf(id);
  return writeNumber(id.length, 1) + Buffer.from(id, 'latin1').toString('hex');
}

/** The microseconds of its instant, and its id. */
export function writePosition({ key, id }: Position): string {
  const seconds = Date.parse(`${key.slice(0, 19)}Z`) / 1000;
  const micros = BigInt(seconds) * 1_000_000n + BigInt(key.slice(20));
  return writeNumber(BigInt.asUintN(64, micros), 8) + writeId(id);
}

/** Reads what was written. Its methods throw a RangeError for what no cursor has. */
export class HexReader {
  readonly #digits: string;
  #at = 0;

  constructor(digits: string) {
    this.#digits = digits;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#digits.length;
  }

  /** Returns the digits of so many bytes. */
  digits(size: number): string {
    const digits = this.#digits.slice(this.#at, this.#at + size * 2);
    if (digits.length < size * 2) throw new RangeError('too short');
    this.#at += size * 2;
    return digits;
  }

  number(size: number): number {
    return parseInt(this.digits(size), 16);
  }

  position(): Position {
    const micros = BigInt.asIntN(64, BigInt(`0x${this.digits(8)}`));
    const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const date = new Date(Number((micros - fraction) / 1000n));
    if (Number.isNaN(date.getTime())) throw new RangeError('no instant');
    const key = instantOf(`${date.toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}Z`);
    if (key === null) throw new RangeError('no instant');
    return { key, id: this.id() };
  }

  id(): string {
    const length = this.number(1);
    if (length === 0) return expandedId(this.digits(16));
    const id = Buffer.from(this.digits(length), 'hex').toString('latin1');
    if (!ID.test(id) || isCompact(id)) throw new RangeError('no id');
    return id;
  }
}
