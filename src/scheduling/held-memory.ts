import { Counts } from './counts.ts';

const MEBIBYTE = 1024 * 1024;
/** Bytes that one account may make the gateway hold, and that all accounts may. */
export const MAX_ACCOUNT_BYTES = 128 * MEBIBYTE;
const MAX_BYTES = 256 * MEBIBYTE;
/** Bytes of memory for a character of a document, and of the values beside it, once it is parsed. */
export const DOCUMENT_FACTOR = 100;
export const VALUES_FACTOR = 20;

/** Opens a part of the memory of an account, to be released. */
export type MemoryFor = (account: string) => HeldMemory;

/** Limits the memory that is held for each account, and for all of them. */
export function createMemory(): MemoryFor {
  const held = { total: 0, byAccount: new Counts() };
  return (account) => new HeldMemory(held, account);
}

/** What a request, an execution, an upstream response or a poller holds for its account. */
export class HeldMemory {
  readonly #held: { total: number; readonly byAccount: Counts };
  readonly #account: string;
  #bytes = 0;
  #isReleased = false;

  constructor(held: { total: number; readonly byAccount: Counts }, account: string) {
    this.#held = held;
    this.#account = account;
  }

  /** Sets the bytes that are held. @returns false beyond a limit: then nothing changes */
  set(bytes: number): boolean {
    return this.add(bytes - this.#bytes);
  }

  /** Adds to the bytes that are held. @returns false beyond a limit: then nothing changes */
  add(bytes: number): boolean {
    const { total, byAccount } = this.#held;
    if (this.#isReleased) return true;
    if (bytes > 0 && total + bytes > MAX_BYTES) return false;
    if (bytes > 0 && byAccount.get(this.#account) + bytes > MAX_ACCOUNT_BYTES) return false;
    this.#held.total += bytes;
    byAccount.add(this.#account, bytes);
    this.#bytes += bytes;
    return true;
  }

  /** Opens another part of the same account. */
  open(): HeldMemory {
    return new HeldMemory(this.#held, this.#account);
  }

  /** Ends this part: nothing is held from now on. */
  release(): void {
    this.set(0);
    this.#isReleased = true;
  }
}
