/** More than this is not kept for the next answer. */
const MAX_KEPT = 4 * 1024 * 1024;

let kept = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * The bytes of an answer while it is written. Each is written in one go, so all of them are written
 * in the same place, and only what came of it is copied.
 */
export class AnswerBytes {
  #bytes = kept;
  #length = 0;

  /** Latin-1: as the bytes that it was read from. */
  text(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Ends the writing. */
  take(): Uint8Array {
    if (this.#bytes.length <= MAX_KEPT) kept = this.#bytes;
    const taken = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(taken, 0, 0, this.#length);
    return taken;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
