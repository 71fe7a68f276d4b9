/** After the first few chunks, smaller ones (in bytes) are joined: every chunk has a fixed cost. */
const FEW_CHUNKS = 16;
const SMALL_CHUNK = 4096;
const JOINED_BYTES = 64 * 1024;
/** With more chunks than this, the whole body is joined. */
const MAX_CHUNKS = 64;

/** The bytes of a response, in the chunks in which they arrived: joining large ones takes time. */
export class Body {
  readonly chunks: readonly Uint8Array[];
  readonly length: number;

  constructor(chunks: readonly Uint8Array[]) {
    this.chunks = chunks.length > MAX_CHUNKS ? [Buffer.concat(chunks)] : chunks;
    this.length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  text(): string {
    return this.slice(0, this.length).toString('utf8');
  }

  slice(start: number, end: number): Buffer {
    const parts: Uint8Array[] = [];
    let offset = 0;
    for (const chunk of this.chunks) {
      const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, chunk.length)];
      if (from < to) parts.push(chunk.subarray(from, to));
      offset += chunk.length;
      if (offset >= end) break;
    }
    const [only] = parts;
    if (only === undefined || parts.length > 1) return Buffer.concat(parts);
    return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
  }
}

/** Collects a body as it arrives. Memory is proportional to its length, however small the chunks are. */
export class BodyBuilder {
  readonly #chunks: Uint8Array[] = [];
  #joined: Buffer | undefined;
  #joinedLength = 0;

  add(chunk: Uint8Array): void {
    if (this.#chunks.length < FEW_CHUNKS || chunk.length >= SMALL_CHUNK) {
      this.#endJoined();
      this.#chunks.push(chunk);
      return;
    }
    if (this.#joined !== undefined && this.#joinedLength + chunk.length > this.#joined.length) {
      this.#endJoined();
    }
    this.#joined ??= Buffer.allocUnsafeSlow(JOINED_BYTES);
    this.#joined.set(chunk, this.#joinedLength);
    this.#joinedLength += chunk.length;
  }

  finish(): Body {
    this.#endJoined();
    return new Body(this.#chunks);
  }

  #endJoined(): void {
    if (this.#joined !== undefined) this.#chunks.push(this.#joined.subarray(0, this.#joinedLength));
    this.#joined = undefined;
    this.#joinedLength = 0;
  }
}
