import type { Holder } from '../../memory/index.ts';

/** Milliseconds in which a message must have come in: twice what the largest takes at 64 kB/s. */
const DUE_MS = 32_000;
/** Bytes that are entered for each part besides its own: also one of a single byte takes a buffer. */
const PART_BYTES = 512;

/** What the receiver of `ws` keeps of frames and messages that are not whole, or wait for their turn. */
export interface Receiver {
  readonly _buffers: readonly Uint8Array[];
  readonly _bufferedBytes: number;
  readonly _fragments: readonly Uint8Array[];
  readonly _messageLength: number;
  /** The opcode of a message of which fragments are to come, or 0. */
  readonly _fragmented: number;
  /** 0 between two frames, 6 while an event waits for its turn. */
  readonly _state: number;
}

/**
 * Closes the connection, when a message takes too long or more than may be held.
 *
 * @returns false if it goes on, because it isn't the client that takes so long
 */
type CutOff = (code: number, reason: string) => boolean;

/** Enters in the account of memory what has come in by a WebSocket and is no whole message yet. */
export class Unfinished {
  readonly #receiver: Receiver;
  readonly #holder: Holder;
  readonly #cutOff: CutOff;
  #entered = 0;
  #due: NodeJS.Timeout | undefined;

  constructor(receiver: Receiver, holder: Holder, cutOff: CutOff) {
    this.#receiver = receiver;
    this.#holder = holder;
    this.#cutOff = cutOff;
  }

  /** A part has come in, or a frame of it had its turn. @returns the bytes that are entered */
  update(): number {
    const { _buffers, _fragments, _bufferedBytes, _messageLength, _fragmented, _state } = this.#receiver;
    const parts = _buffers.length + _fragments.length;
    if (parts === 0 && _fragmented === 0 && _state % 6 === 0) this.clear();
    else this.#enter(_bufferedBytes + _messageLength + PART_BYTES * (parts + 1));
    return this.#entered;
  }

  /** A message is whole: what is left belongs to others, which have as long again. */
  clear(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#holder.give('input', this.#entered);
    this.#entered = 0;
  }

  #enter(bytes: number): void {
    this.#due ??= setTimeout(() => {
      if (!this.#cutOff(4408, 'Message timeout')) this.#due?.refresh();
    }, DUE_MS);
    this.#holder.give('input', this.#entered);
    this.#entered = this.#holder.take('input', bytes) ? bytes : 0;
    if (this.#entered === 0) this.#cutOff(1013, 'Try again later');
  }
}
