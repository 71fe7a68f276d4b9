/** Bytes of one response of the runs API; a larger one is aborted while it is read. */
export const MAX_UPSTREAM_BYTES = 32 * 1024 * 1024;

/** The body of a response: a buffer, or what can be read like one. */
export interface Body {
  readonly length: number;
  /** The chunks in which the body came, if there are several. */
  readonly chunks?: readonly Buffer[];
  toString(encoding: 'utf8'): string;
  /** @param start at least 0 */
  subarray(start?: number, end?: number): Buffer;
}

/** A chunk of at least so many bytes is kept as it came. */
const LARGE_BYTES = 16 * 1024;

/** A body as it comes. Small chunks are copied into a larger one: each would take hundreds of bytes besides its own. */
export class Chunks {
  readonly #chunks: Buffer[] = [];
  /** How many bytes of the last chunk are used; the rest of the chunk is free. */
  #used = 0;
  length = 0;

  add(chunk: Uint8Array): void {
    const end = this.#chunks.length - 1;
    const last = this.#chunks[end];
    const used = this.#used + chunk.length;
    this.length += chunk.length;
    if (last === undefined || this.#used >= LARGE_BYTES || chunk.length >= LARGE_BYTES) {
      if (last !== undefined) this.#chunks[end] = last.subarray(0, this.#used);
      this.#chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
      this.#used = chunk.length;
      return;
    }
    // Not in Node's pool, of which each chunk would keep 64 KiB.
    const size = Math.max(used, Math.min(2 * used, LARGE_BYTES));
    const target = used > last.length ? Buffer.allocUnsafeSlow(size) : last;
    if (target !== last) target.set(last.subarray(0, this.#used));
    target.set(chunk, this.#used);
    this.#chunks[end] = target;
    this.#used = used;
  }

  body(): Body {
    const end = this.#chunks.length - 1;
    const last = this.#chunks[end];
    if (last === undefined || last.length === this.#used) return bodyOf(this.#chunks);
    return bodyOf(this.#chunks.with(end, last.subarray(0, this.#used)));
  }
}

/** Returns a body of chunks, which are joined only where they are read: most pages are copied chunk by chunk. */
export function bodyOf(chunks: readonly Buffer[]): Body {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : new ChunkedBody(chunks);
}

class ChunkedBody implements Body {
  readonly chunks: readonly Buffer[];
  readonly length: number;

  constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
    this.length = chunks.reduce((sum, { length }) => sum + length, 0);
  }

  /** Returns a part, without a copy if the part lies in one chunk. */
  subarray(start = 0, end = this.length): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const chunk of this.chunks) {
      const next = at + chunk.length;
      if (at < end && start < next) parts.push(chunk.subarray(Math.max(0, start - at), end - at));
      at = next;
    }
    const [first, ...others] = parts;
    return first !== undefined && others.length === 0 ? first : Buffer.concat(parts);
  }

  toString(encoding: 'utf8'): string {
    return Buffer.concat(this.chunks, this.length).toString(encoding);
  }
}
