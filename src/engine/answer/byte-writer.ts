/** Answers of more bytes are written into a buffer of their own, which saves them a copy. */
const SHARED_BYTES = 32 * 1024;
/** Bytes at the end of such a buffer for what usually comes last. */
const ROOM = 1024;
/** Characters that are collected before they are encoded. */
const MAX_PENDING = 16 * 1024;

const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

/** An answer exceeds the size limit. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError' as const;
}

/**
 * Collects the bytes of an answer. Every answer is written synchronously, so all small ones share one
 * buffer, from which only the result is copied.
 */
export class ByteWriter {
  readonly #maxBytes: number;
  #bytes = shared;
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

  /** Returns the bytes; the writer can't be used afterwards. @throws ResponseTooLargeError */
  take(): Uint8Array {
    this.#flush();
    const isTight = this.#bytes !== shared && this.#bytes.length - this.#length <= this.#length / 8;
    if (isTight) return this.#bytes.subarray(0, this.#length);
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
    // The first large part is usually nearly all of the answer.
    const isFirst = this.#bytes === shared;
    const larger = Buffer.allocUnsafeSlow(isFirst ? needed + ROOM : Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
