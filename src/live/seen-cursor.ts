import type { Position } from '../pagination/position.ts';
import { instantOf } from '../runs/position.ts';
import { hash48, type Seen, type Sighting } from './seen.ts';

// Bytes of a cursor: a version; a hash of the filters (6); whether there is a settled position, and it: the
// microseconds of its instant (8) and its id; then for each known run its id, a digest (6) and a flag. Last,
// a checksum (6). An id is a length and its characters; 0 stands for `run-` and the 16 bytes of a UUID.

const VERSION = 2;
/** Cursors with more runs are not accepted; none are written. */
const MAX_KNOWN = 2_000;
/** Characters: so many runs, with the longest ids. */
const MAX_LENGTH = 256 * 1024;
const CHECKSUM_BYTES = 6;
const UUID_RUN = /^run-([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const ID = /^(?:run|job)-[0-9A-Za-z_-]{1,64}$/;

/**
 * Encodes what was seen of the list with certain filters: URL-safe and opaque. Garbled cursors are
 * detected; it is no signature, and tells its holder nothing but what the holder was told.
 */
export function encodeSeen({ settled, known }: Seen, filterKey: string): string {
  const writer = new Writer(64 + known.size * 32);
  writer.number(VERSION, 1);
  writer.number(hash48(filterKey), 6);
  writer.number(settled === null ? 0 : 1, 1);
  if (settled !== null) {
    writer.micros(settled.createdAt);
    writer.id(settled.id);
  }
  for (const [id, { digest, isShown }] of known) {
    writer.id(id);
    writer.number(digest, 6);
    writer.number(isShown ? 1 : 0, 1);
  }
  return writer.finish();
}

/** Why a text is no cursor for a list. */
export type CursorProblem = 'malformed' | 'other filters';

/** Decodes a cursor of the list with these filters. */
export function decodeSeen(text: string, filterKey: string): Seen | CursorProblem {
  if (text.length > MAX_LENGTH) return 'malformed';
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== text || bytes.length < 8 + CHECKSUM_BYTES) return 'malformed';
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  if (bytes.readUIntBE(content.length, CHECKSUM_BYTES) !== checksum(content)) return 'malformed';
  const reader = new Reader(content);
  try {
    if (reader.number(1) !== VERSION) return 'malformed';
    if (reader.number(6) !== hash48(filterKey)) return 'other filters';
    const settled = reader.number(1) === 0 ? null : { createdAt: reader.instant(), id: reader.id() };
    const known = new Map<string, Sighting>();
    while (!reader.isAtEnd) {
      known.set(reader.id(), { digest: reader.number(6), isShown: reader.number(1) === 1 });
      if (known.size > MAX_KNOWN) return 'malformed';
    }
    return { settled, known };
  } catch (error) {
    if (error instanceof RangeError) return 'malformed';
    throw error;
  }
}

function checksum(bytes: Buffer): number {
  return hash48(bytes.toString('latin1'));
}

class Writer {
  #bytes: Buffer;
  #length = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  number(value: number, size: number): void {
    this.#reserve(size);
    this.#bytes.writeUIntBE(value, this.#length, size);
    this.#length += size;
  }

  micros(instant: Position['createdAt']): void {
    this.#reserve(8);
    const seconds = Date.parse(`${instant.slice(0, 19)}Z`) / 1000;
    this.#bytes.writeBigInt64BE(BigInt(seconds) * 1_000_000n + BigInt(instant.slice(20)), this.#length);
    this.#length += 8;
  }

  id(id: string): void {
    const uuid = UUID_RUN.exec(id);
    this.number(uuid === null ? id.length : 0, 1);
    const raw = uuid === null ? Buffer.from(id, 'latin1') : Buffer.from(uuid.slice(1).join(''), 'hex');
    this.#reserve(raw.length);
    this.#length += raw.copy(this.#bytes, this.#length);
  }

  finish(): string {
    this.number(checksum(this.#bytes.subarray(0, this.#length)), CHECKSUM_BYTES);
    return this.#bytes.toString('base64url', 0, this.#length);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2 + size);
  }
}

/** Its methods throw a RangeError for what no cursor has. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(size: number): number {
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  instant(): string {
    const micros = this.#bytes.readBigInt64BE(this.#at);
    this.#at += 8;
    const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const date = new Date(Number((micros - fraction) / 1000n));
    if (Number.isNaN(date.getTime())) throw new RangeError('no instant');
    const instant = instantOf(`${date.toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}Z`);
    if (instant === null) throw new RangeError('no instant');
    return instant;
  }

  id(): string {
    const length = this.number(1);
    const raw = this.#bytes.subarray(this.#at, this.#at + (length || 16));
    if (raw.length !== (length || 16)) throw new RangeError('no id');
    this.#at += raw.length;
    if (length === 0) {
      const hex = raw.toString('hex');
      return `run-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
    }
    const id = raw.toString('latin1');
    if (!ID.test(id)) throw new RangeError('no id');
    return id;
  }
}
