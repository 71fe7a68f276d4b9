import { type BodyEncoding, bodyText } from './body-text.ts';

/** The bytes of an answer in the pieces in which they came: joining large ones takes time. */
export class Body {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  text(encoding: BodyEncoding): string {
    return bodyText(this.slice(0, this.length), encoding);
  }

  slice(start: number, end: number): Buffer {
    const parts: Uint8Array[] = [];
    let offset = 0;
    for (const piece of this.pieces) {
      const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, piece.length)];
      if (from < to) parts.push(piece.subarray(from, to));
      offset += piece.length;
      if (offset >= end) break;
    }
    const [only] = parts;
    if (only === undefined || parts.length > 1) return Buffer.concat(parts);
    return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
  }
}
