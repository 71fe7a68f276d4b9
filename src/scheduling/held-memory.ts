import { Counts } from './counts.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes that all accounts may hold; one account may hold half. */
const MAX_BYTES = 256 * MEBIBYTE;
/** More bytes for small requests: a few large ones must not keep them out. */
const RESERVED_BYTES = 64 * MEBIBYTE;
export const SMALL_BYTES = 16 * 1024;

/** Opens an account's part of the memory, to be released. */
export type MemoryFor = (account: string) => HeldMemory;

/** Limits the memory that is held for all accounts, and for each of them. */
export function createMemory(): MemoryFor {
  const limits = new Limits();
  return (account) => new HeldMemory(limits, account);
}

class Limits {
  readonly #byAccount = new Counts();
  #total = 0;
  /** How many of each account hold what is shared: there are thousands of these, which keep nobody else. */
  readonly sharers = new WeakMap<object, Counts>();

  add(account: string, more: number, most: number): boolean {
    if (more > 0 && (this.#total + more > most || this.#byAccount.get(account) + more > most / 2))
      return false;
    this.#total += more;
    this.#byAccount.add(account, more);
    return true;
  }
}

/** The memory of a request, an execution, or a poller. */
export class HeldMemory {
  readonly #limits: Limits;
  readonly #account: string;
  #kept = 0;
  #unread = 0;
  #shared: { readonly holders: Counts; readonly bytes: number } | undefined;
  #isOver = false;

  constructor(limits: Limits, account: string) {
    this.#limits = limits;
    this.#account = account;
  }

  /** Sets the bytes that are kept until the end. @returns false if they exceed a limit: then nothing changes */
  setKept(bytes: number): boolean {
    return this.#set(bytes, this.#unread);
  }

  /** Sets the bytes that the client has yet to read. @returns false if they exceed a limit */
  setUnread(bytes: number): boolean {
    return this.#set(this.#kept, bytes);
  }

  /** Holds what others may hold as well: it counts once for an account. @returns false if it exceeds a limit */
  share(what: object, bytes: number): boolean {
    this.#unshare();
    if (this.#isOver) return true;
    const holders = this.#limits.sharers.get(what) ?? new Counts(0);
    if (holders.get(this.#account) === 0 && !this.#limits.add(this.#account, bytes, MAX_BYTES)) return false;
    holders.add(this.#account, 1);
    this.#limits.sharers.set(what, holders);
    this.#shared = { holders, bytes };
    return true;
  }

  /** Ends it: nothing is held from now on. */
  release(): void {
    this.#set(0, 0);
    this.#unshare();
    this.#isOver = true;
  }

  #set(kept: number, unread: number): boolean {
    const more = kept + unread - this.#kept - this.#unread;
    if (more === 0 || this.#isOver) return true;
    const most = MAX_BYTES + (kept + unread <= SMALL_BYTES ? RESERVED_BYTES : 0);
    if (!this.#limits.add(this.#account, more, most)) return false;
    [this.#kept, this.#unread] = [kept, unread];
    return true;
  }

  #unshare(): void {
    if (this.#shared === undefined) return;
    const { holders, bytes } = this.#shared;
    holders.add(this.#account, -1);
    if (holders.get(this.#account) === 0) this.#limits.add(this.#account, -bytes, 0);
    this.#shared = undefined;
  }
}
