import type { Holder } from '../../memory/index.ts';

/** Milliseconds in which a message must have come in: twice what the largest takes at 64 kB/s. */
const DUE_MS = 32_000;
/** Bytes that are entered for each part besides its own: also one of a single byte takes a buffer. */
const PART_BYTES = 512;

/**
 * Closes the connection, when a message takes too long or more than may be held.
 *
 * @returns false if it goes on, because it isn't the client that takes so long
 */
type CutOff = (code: number, reason: string) => boolean;

/** Enters in the account of memory what has come in by a WebSocket and is no whole message yet. */
export class Unfinished {
  readonly #holder: Holder;
  readonly #cutOff: CutOff;
  #entered = 0;
  #due: NodeJS.Timeout | undefined;
  /** The head of a frame that comes in, as far as it has, and the bytes that are to come behind it. */
  #head: number[] = [];
  #toCome = 0;
  /** Whether frames have come in that are not the whole message. */
  #hasBegun = false;

  constructor(holder: Holder, cutOff: CutOff) {
    this.#holder = holder;
    this.#cutOff = cutOff;
  }

  /** A part has come in. @returns the bytes that are entered */
  add(part: Buffer): number {
    if (this.#endsMessage(part)) this.clear();
    if (!this.#hasBegun && this.#head.length === 0) return 0;
    this.#due ??= setTimeout(() => {
      if (!this.#cutOff(4408, 'Message timeout')) this.#due?.refresh();
    }, DUE_MS);
    const bytes = part.length + PART_BYTES;
    if (this.#holder.take('input', bytes)) this.#entered += bytes;
    else this.#cutOff(1013, 'Try again later');
    return this.#entered;
  }

  /** Nothing is left. */
  clear(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#holder.give('input', this.#entered);
    this.#entered = 0;
  }

  /** Follows the frames, which are masked, by RFC 6455, section 5.2. */
  #endsMessage(part: Buffer): boolean {
    let hasEnded = false;
    for (let at = 0; at < part.length;) {
      if (this.#toCome === 0) {
        this.#head.push(part[at++] ?? 0);
        if (this.#head.length < 6 + extensionOf(this.#head)) continue;
        this.#toCome = lengthOf(this.#head);
      }
      const bytes = Math.min(this.#toCome, part.length - at);
      at += bytes;
      this.#toCome -= bytes;
      if (this.#toCome > 0) break;
      const [first = 0] = this.#head;
      this.#head = [];
      // Pings and pongs may come between the frames of a message.
      if ((first & 0x08) !== 0) continue;
      this.#hasBegun = (first & 0x80) === 0;
      hasEnded ||= !this.#hasBegun;
    }
    return hasEnded;
  }
}

/** Bytes of the length of a frame, where it doesn't fit into one. */
function extensionOf(head: readonly number[]): number {
  const length = (head[1] ?? 0) & 0x7f;
  return length < 126 ? 0 : length === 126 ? 2 : 8;
}

function lengthOf(head: readonly number[]): number {
  const extension = extensionOf(head);
  if (extension === 0) return (head[1] ?? 0) & 0x7f;
  return head.slice(2, 2 + extension).reduce((length, byte) => length * 256 + byte, 0);
}
