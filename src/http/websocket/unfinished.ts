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
  /** Bytes of a message; a longer one closes the connection as soon as it begins. */
  _maxPayload: number;
}

/**
 * Closes the connection, when a message takes too long or more than may be held.
 *
 * @returns false if it goes on, because it isn't the client that takes so long
 */
type CutOff = (code: number, reason: string) => boolean;

/** What has come in by a WebSocket and is no whole message yet, as it is entered in the account of memory. */
export interface Unfinished {
  /** A part has come in, or a frame of it had its turn. */
  update(): void;
  /** A message is whole: what is left belongs to others, which have as long again. */
  clear(): void;
}

export function watchUnfinished(receiver: Receiver, holder: Holder, cutOff: CutOff): Unfinished {
  let entered = 0;
  let due: NodeJS.Timeout | undefined;
  const clear = (): void => {
    clearTimeout(due);
    due = undefined;
    holder.give('input', entered);
    entered = 0;
  };
  return {
    clear,
    update() {
      const { _buffers, _fragments, _bufferedBytes, _messageLength, _fragmented, _state } = receiver;
      const parts = _buffers.length + _fragments.length;
      if (parts === 0 && _fragmented === 0 && _state % 6 === 0) return clear();
      due ??= setTimeout(() => {
        if (!cutOff(4408, 'Message timeout')) due?.refresh();
      }, DUE_MS);
      const bytes = _bufferedBytes + _messageLength + PART_BYTES * (parts + 1);
      const more = bytes - entered;
      if (more < 0) holder.give('input', -more);
      // What was entered before is still there until the connection is closed.
      else if (!holder.take('input', more)) return void cutOff(1013, 'Try again later');
      entered = bytes;
    },
  };
}
