/** Where many pieces come, smaller ones are joined: each costs as much as a large one. */
const SMALL_PIECE = 4096;
const FEW_PIECES = 16;
const JOINED_BYTES = 64 * 1024;
/** More pieces than these are not worth walking. */
const MAX_PIECES = 64;

/** The bytes of an answer in the pieces in which they came: joining large ones takes time. */
export class Body {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces.length > MAX_PIECES ? [Buffer.concat(pieces)] : pieces;
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  text(): string {
    return this.slice(0, this.length).toString('utf8');
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

/** Collects a body as it arrives, in memory of the order of its length however it is cut. */
export class BodyBuilder {
  readonly #pieces: Uint8Array[] = [];
  #joined: Buffer | undefined;
  #joinedLength = 0;

  add(piece: Uint8Array): void {
    if (this.#pieces.length < FEW_PIECES || piece.length >= SMALL_PIECE) {
      this.#endJoined();
      this.#pieces.push(piece);
      return;
    }
    if (this.#joined !== undefined && this.#joinedLength + piece.length > this.#joined.length) {
      this.#endJoined();
    }
    this.#joined ??= Buffer.allocUnsafeSlow(JOINED_BYTES);
    this.#joined.set(piece, this.#joinedLength);
    this.#joinedLength += piece.length;
  }

  finish(): Body {
    this.#endJoined();
    return new Body(this.#pieces);
  }

  #endJoined(): void {
    if (this.#joined !== undefined) this.#pieces.push(this.#joined.subarray(0, this.#joinedLength));
    this.#joined = undefined;
    this.#joinedLength = 0;
  }
}
