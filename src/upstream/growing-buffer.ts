/** Bytes of one response of the runs API; a larger one is aborted while it is read. */
export const MAX_UPSTREAM_BYTES = 32 * 1024 * 1024;

/** A body as it comes. Its pieces are copied into one buffer: a small piece takes hundreds of bytes besides its own. */
export class GrowingBuffer {
  #memory: ArrayBuffer;
  length = 0;

  /** @param expected bytes, if they are known @default 0 */
  constructor(expected = 0) {
    this.#memory = new ArrayBuffer(expected);
  }

  add(piece: Uint8Array): void {
    const length = this.length + piece.length;
    const { byteLength } = this.#memory;
    if (length > byteLength) this.#memory = this.#memory.transfer(Math.max(length, 2 * byteLength));
    new Uint8Array(this.#memory).set(piece, this.length);
    this.length = length;
  }

  includes(text: string): boolean {
    return Buffer.from(this.#memory, 0, this.length).includes(text);
  }

  /** Returns the whole body, after which nothing can be added. */
  take(): Buffer {
    return Buffer.from(this.#memory.transfer(this.length));
  }
}
