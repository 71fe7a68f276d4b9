import { setImmediate as immediate } from 'node:timers/promises';
import { Counts } from '../scheduling/counts.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes that the requests of all callers may take; those of one caller may take half. */
const MAX_BYTES = 256 * MEBIBYTE;
/** More bytes for small requests: a few large ones must not keep them out. */
const RESERVED_BYTES = 64 * MEBIBYTE;
export const SMALL_BYTES = 16 * 1024;
/** Bytes of memory for each byte of a JSON text at worst: `{},` makes an object. */
const VALUES_FACTOR = 20;

/** The memory of a request: its body, and the answer or event that its client has yet to read. */
export interface RequestMemory {
  /** Sets the bytes that are kept until the request is over. @returns false if they exceed a limit */
  keep(bytes: number): boolean;
  /** Sets the bytes that the client has yet to read. @returns false if they exceed a limit */
  wait(bytes: number): boolean;
  /** Ends the request: it takes no memory from now on. */
  release(): void;
}

/** Limits the memory of all requests, and of those of each account. */
export function createRequestMemory(): (account: string) => RequestMemory {
  const byAccount = new Counts();
  let total = 0;
  return (account) => {
    let [kept, waiting] = [0, 0];
    let isOver = false;
    const set = (nowKept: number, nowWaiting: number): boolean => {
      const more = nowKept + nowWaiting - kept - waiting;
      if (more === 0) return true;
      const most = MAX_BYTES + (nowKept + nowWaiting <= SMALL_BYTES ? RESERVED_BYTES : 0);
      if (more > 0 && (total + more > most || byAccount.get(account) + more > most / 2)) return false;
      [kept, waiting] = [nowKept, nowWaiting];
      total += more;
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

/** Estimates the memory of parameters. @param bytes of their text, of which the query stays a string */
export function bytesOfParams(bytes: number, query: unknown): number {
  const queryBytes = typeof query === 'string' ? query.length : 0;
  return queryBytes + (bytes - queryBytes) * VALUES_FACTOR;
}

/** The end of the queue for turns. */
let turns = Promise.resolve();

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}
