/** A larger buffer, in bytes, is not kept for the next answer. */
const MAX_KEPT = 4 * 1024 * 1024;
/** Characters that are collected before they are encoded. */
const MAX_PENDING = 16 * 1024;

let kept = Buffer.allocUnsafeSlow(64 * 1024);

/** An answer exceeds the size limit. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError' as const;
}

/**
 * Collects the bytes of an answer. Every answer is written synchronously, so all of them share one
 * buffer, from which only the result is copied.
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

  /** The number of bytes written so far. @throws ResponseTooLargeError */
  get length(): number {
    this.#flush();
    return this.#length;
  }

  /** Returns a copy of the bytes; the writer can't be used afterwards. @throws ResponseTooLargeError */
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
    // UTF-8 takes up to three bytes per UTF-16 code unit.
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
