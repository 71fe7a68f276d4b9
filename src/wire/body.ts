/** The body of a response: a buffer, or what can be read like one. */
export interface Body {
  readonly length: number;
  /** The same in the chunks that it came in, if there are several. */
  readonly chunks?: readonly Buffer[];
  toString(encoding: 'utf8'): string;
  subarray(start?: number, end?: number): Buffer;
}

/** Returns a body of chunks, which are put together when somebody reads them: most pages are copied as they are. */
export function bodyOf(chunks: readonly Buffer[]): Body {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : new ChunkedBody(chunks);
}

class ChunkedBody implements Body {
  chunks: readonly Buffer[];
  readonly length: number;

  constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
    this.length = chunks.reduce((sum, { length }) => sum + length, 0);
  }

  subarray(start?: number, end?: number): Buffer {
    const [whole = Buffer.concat([])] =
      this.chunks.length === 1 ? this.chunks : [Buffer.concat(this.chunks, this.length)];
    this.chunks = [whole];
    return whole.subarray(start, end);
  }

  toString(encoding: 'utf8'): string {
    return this.subarray().toString(encoding);
  }
}
