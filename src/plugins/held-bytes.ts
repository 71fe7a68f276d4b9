import { setImmediate as immediate } from 'node:timers/promises';
import { Counts } from '../scheduling/counts.ts';

const MEBIBYTE = 1024 * 1024;
/** What the requests of all callers may hold; a single caller may hold half of it. */
const MAX_BYTES = 256 * MEBIBYTE;
/** More, for requests that hold little: a few requests that hold much must not keep them out. */
const RESERVED_BYTES = 64 * MEBIBYTE;
export const LITTLE_BYTES = 16 * 1024;
/** Bytes of memory for each byte of a JSON text at worst: `{},` makes an object. */
const VALUES_FACTOR = 20;

/** What one request holds: its body, and the answer or the event that waits to be read. */
export interface HeldBytes {
  /** Enters what the request holds until it is over. @returns false if that is too much */
  keep(bytes: number): boolean;
  /** Enters what waits to be read, in place of what waited before. @returns false if that is too much */
  wait(bytes: number): boolean;
  /** The request is over: nothing is held any more, nor can be. */
  release(): void;
}

/** Limits what requests hold at once, by account. */
export function createHeldBytes(): (account: string) => HeldBytes {
  const byAccount = new Counts();
  let all = 0;
  return (account) => {
    let [kept, waiting] = [0, 0];
    let isOver = false;
    const set = (nowKept: number, nowWaiting: number): boolean => {
      const more = nowKept + nowWaiting - kept - waiting;
      // A body may come in pieces of one byte.
      if (more === 0) return true;
      const most = MAX_BYTES + (nowKept + nowWaiting <= LITTLE_BYTES ? RESERVED_BYTES : 0);
      if (more > 0 && (all + more > most || byAccount.get(account) + more > most / 2)) return false;
      [kept, waiting] = [nowKept, nowWaiting];
      all += more;
      byAccount.add(account, more);
      return true;
    };
    return {
      keep: (bytes) => isOver || set(bytes, waiting),
      wait: (bytes) => isOver || set(kept, bytes),
      release() {
        set(0, 0);
        isOver = true;
      },
    };
  };
}

/** Returns how much is held for parameters. @param bytes of their text, of which the query stays a text */
export function bytesOfParams(bytes: number, query: unknown): number {
  const ofQuery = typeof query === 'string' ? query.length : 0;
  return ofQuery + (bytes - ofQuery) * VALUES_FACTOR;
}

/** The end of the queue for turns. */
let turns = Promise.resolve();

/** Waits for a turn of the event loop: what many requests or streams did at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}
