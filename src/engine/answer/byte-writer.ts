/** More than this is not kept for the next answer. */
const MAX_KEPT = 4 * 1024 * 1024;
/** Characters that are collected before they become bytes. */
const MAX_PENDING = 16 * 1024;

let kept = Buffer.allocUnsafeSlow(64 * 1024);

/** An answer got larger than answers may be. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError' as const;
}

/**
 * The bytes of an answer while it is written. Each is written in one go, so all of them are written
 * in the same memory, and only what came of it is copied.
 */
export class ByteWriter {
  readonly #maxBytes: number;
  #bytes = kept;
  #length = 0;
  #pending = '';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws ResponseTooLargeError */
  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length > MAX_PENDING) this.#flush();
  }

  /** @throws ResponseTooLargeError */
  bytes(bytes: Uint8Array): void {
    this.#flush();
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Bytes that were written so far. @throws ResponseTooLargeError */
  get length(): number {
    this.#flush();
    return this.#length;
  }

  /** Ends the writing. @throws ResponseTooLargeError */
  take(): Uint8Array {
    this.#flush();
    if (this.#bytes.length <= MAX_KEPT) kept = this.#bytes;
    const taken = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(taken, 0, 0, this.#length);
    return taken;
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = '';
    // UTF-8 takes up to three bytes for a unit.
    this.#reserve(pending.length * 3, Buffer.byteLength(pending));
    this.#length += this.#bytes.write(pending, this.#length, 'utf8');
  }

  #reserve(size: number, counted = size): void {
    if (this.#length + counted > this.#maxBytes) throw new ResponseTooLargeError('The answer is too large');
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
