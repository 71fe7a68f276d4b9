import { Counts } from './counts.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes that all accounts may hold; one account may hold half. */
const MAX_BYTES = 256 * MEBIBYTE;
/** More bytes for small requests: a few large ones must not keep them out. */
const RESERVED_BYTES = 64 * MEBIBYTE;
export const SMALL_BYTES = 16 * 1024;

/** The memory of a request, an execution, or a poller. */
export interface HeldMemory {
  /** Sets the bytes that are kept until the end. @returns false if they exceed a limit: then nothing changes */
  keep(bytes: number): boolean;
  /** Sets the bytes that the client has yet to read. @returns false if they exceed a limit */
  wait(bytes: number): boolean;
  /** Holds what others may hold as well: it counts once for an account. @returns false if it exceeds a limit */
  share(what: object, bytes: number): boolean;
  /** Ends it: nothing is held from now on. */
  release(): void;
}

/** Opens an account's part of the memory, to be released. */
export type MemoryFor = (account: string) => HeldMemory;

/** Limits the memory that is held for all accounts, and for each of them. */
export function createMemory(): MemoryFor {
  const byAccount = new Counts();
  /** What is shared, and how many hold it for each account. */
  const sharers = new Map<object, Counts>();
  let total = 0;

  const add = (account: string, more: number, most: number): boolean => {
    if (more > 0 && (total + more > most || byAccount.get(account) + more > most / 2)) return false;
    total += more;
    byAccount.add(account, more);
    return true;
  };

  return (account) => {
    let [kept, waiting] = [0, 0];
    let shared: { readonly what: object; readonly bytes: number } | undefined;
    let isOver = false;
    const set = (nowKept: number, nowWaiting: number): boolean => {
      const more = nowKept + nowWaiting - kept - waiting;
      if (more === 0 || isOver) return true;
      const most = MAX_BYTES + (nowKept + nowWaiting <= SMALL_BYTES ? RESERVED_BYTES : 0);
      if (!add(account, more, most)) return false;
      [kept, waiting] = [nowKept, nowWaiting];
      return true;
    };
    const unshare = (): void => {
      const counts = shared && sharers.get(shared.what);
      if (shared === undefined || counts === undefined) return;
      counts.add(account, -1);
      if (counts.get(account) === 0) add(account, -shared.bytes, 0);
      if (counts.isEmpty) sharers.delete(shared.what);
      shared = undefined;
    };
    return {
      keep: (bytes) => set(bytes, waiting),
      wait: (bytes) => set(kept, bytes),
      share(what, bytes) {
        unshare();
        const counts = sharers.get(what) ?? new Counts();
        if (isOver) return true;
        if (counts.get(account) === 0 && !add(account, bytes, MAX_BYTES)) return false;
        counts.add(account, 1);
        sharers.set(what, counts);
        shared = { what, bytes };
        return true;
      },
      release() {
        set(0, 0);
        unshare();
        isOver = true;
      },
    };
  };
}
