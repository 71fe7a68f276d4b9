import type { Position } from '../../lists/position.ts';
import { instantOf } from '../../runs/position.ts';
import { expandedId, hexOf, isCompact } from './lookup-table.ts';

const ID = /^(?:run|job)-[0-9A-Za-z_-]{1,64}$/;

/** Writes the bytes of a cursor. An id is a length and its characters; 0 stands for `run-` and the 16 bytes of a UUID. */
export class CursorWriter {
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

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The microseconds of its instant, and its id. */
  position({ key, id }: Position): void {
    this.#reserve(8);
    const seconds = Date.parse(`${key.slice(0, 19)}Z`) / 1000;
    this.#bytes.writeBigInt64BE(BigInt(seconds) * 1_000_000n + BigInt(key.slice(20)), this.#length);
    this.#length += 8;
    this.id(id);
  }

  id(id: string): void {
    this.number(isCompact(id) ? 0 : id.length, 1);
    this.bytes(isCompact(id) ? Buffer.from(hexOf(id), 'hex') : Buffer.from(id, 'latin1'));
  }

  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2 + size);
  }
}

/** Reads them. Its methods throw a RangeError for what no cursor has. */
export class CursorReader {
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

  bytes(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length !== length) throw new RangeError('too short');
    this.#at += length;
    return bytes;
  }

  position(): Position {
    return { key: this.#instant(), id: this.id() };
  }

  id(): string {
    const length = this.number(1);
    if (length === 0) return expandedId(this.bytes(16).toString('hex'));
    const id = this.bytes(length).toString('latin1');
    if (!ID.test(id) || isCompact(id)) throw new RangeError('no id');
    return id;
  }

  #instant(): string {
    const micros = this.#bytes.readBigInt64BE(this.#at);
    this.#at += 8;
    const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const date = new Date(Number((micros - fraction) / 1000n));
    if (Number.isNaN(date.getTime())) throw new RangeError('no instant');
    const instant = instantOf(`${date.toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}Z`);
    if (instant === null) throw new RangeError('no instant');
    return instant;
  }
}
