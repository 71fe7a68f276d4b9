import { createPressure, type ProcessMemory } from './pressure.ts';

/** What a client makes the process hold. */
export const HELD_KINDS = ['input', 'stream', 'operation', 'answer'] as const;
type HeldKind = (typeof HELD_KINDS)[number];

/**
 * What one client makes the process hold: a connection with all that comes in and goes out by it, or an operation that
 * several requests share.
 */
export interface Holder {
  /** Counts what it holds, from now on, under a caller; before, it counts under all that have not said who they are. */
  identify(account: string): void;
  /**
   * Enters bytes. Where they don't fit into the budget, those who hold most are cut off to make room; if that is the
   * caller itself, nothing is entered.
   *
   * @returns whether they may be held; if not, the caller is to be answered `OVERLOADED`
   */
  take(kind: HeldKind, bytes: number): boolean;
  /** Removes bytes that were entered. */
  give(kind: HeldKind, bytes: number): void;
  /** Removes whatever is left. Nothing can be taken afterwards, which isn't reported: it is nothing that the budget lacks. */
  close(): void;
}

export interface MemoryOptions {
  /** All that clients may make the process hold. */
  readonly budgetBytes: number;
  /** The memory that the process really takes for it; see {@link createPressure}. @default not looked at */
  readonly process?: ProcessMemory;
  /** Called for each entry that is refused, and for each holder that is cut off; see {@link MemoryRefusal}. */
  readonly onRefused?: (refusal: MemoryRefusal, account: string | undefined) => void;
}

/** An entry was refused, or a holder was cut off to make room for another caller. */
export interface MemoryRefusal {
  readonly reason: 'refused' | 'cut_off';
  readonly kind: HeldKind;
}

/**
 * The account of the memory that clients make the process hold, whatever they send it by. It is written by every client,
 * each for itself. Callers have fair shares: beyond the budget the one who holds most gives way, with its largest
 * holder first. Clients that have not said who they are count as one caller, who may hold an eighth.
 */
export interface Memory {
  readonly budgetBytes: number;
  /**
   * Opens an account.
   *
   * @param cutOff ends what it is about; called at most once, after which it is closed
   * @param account the caller, if it is known
   */
  open(cutOff: () => void, account?: string): Holder;
  /** The bytes that are held, by kind. */
  readonly held: Readonly<Record<HeldKind, number>>;
}

/** The part of the budget for all clients that have not said who they are. */
const UNIDENTIFIED_SHARE = 1 / 8;

/** A caller with what its holders hold. It is known as long as it has any. */
class Caller {
  readonly account: string | undefined;
  readonly entries = new Set<Entry>();
  readonly maxBytes: number;
  total = 0;

  constructor(account: string | undefined, budgetBytes: number) {
    this.account = account;
    this.maxBytes = account === undefined ? budgetBytes * UNIDENTIFIED_SHARE : budgetBytes;
  }
}

export function createMemory(options: MemoryOptions): Memory {
  return new Account(options);
}

class Account implements Memory {
  readonly budgetBytes: number;
  readonly held = noBytes();
  readonly onRefused: MemoryOptions['onRefused'];
  readonly #callers = new Map<string | undefined, Caller>();
  readonly #limit: (bytes: number) => number;
  total = 0;

  constructor({ budgetBytes, process, onRefused }: MemoryOptions) {
    this.budgetBytes = budgetBytes;
    this.onRefused = onRefused;
    this.#limit =
      process === undefined ? () => budgetBytes : createPressure(budgetBytes, process, () => this.total);
  }

  /** Whether so much more may be held by all together. */
  hasRoom(bytes: number): boolean {
    const total = this.total + bytes;
    return total <= this.#limit(total);
  }

  open(cutOff: () => void, account?: string): Holder {
    return new Entry(this, cutOff, account);
  }

  join(entry: Entry, account: string | undefined): Caller {
    const caller = this.#callers.get(account) ?? new Caller(account, this.budgetBytes);
    this.#callers.set(account, caller);
    caller.entries.add(entry);
    caller.total += entry.total;
    return caller;
  }

  leave(entry: Entry, caller: Caller): void {
    caller.entries.delete(entry);
    caller.total -= entry.total;
    if (caller.entries.size === 0) this.#callers.delete(caller.account);
  }

  /** Cuts off the callers that hold most until so much more fits. @returns whether it does */
  makeRoom(taker: Entry, caller: Caller, bytes: number): boolean {
    for (;;) {
      const isOver = caller.total + bytes > caller.maxBytes;
      if (!isOver && this.hasRoom(bytes)) return true;
      const most = isOver
        ? caller
        : largest(this.#callers.values(), (one) => one.total + (one === caller ? bytes : 0));
      const victim = most && largest(most.entries, (one) => one.total + (one === taker ? bytes : 0));
      if (victim === undefined || victim === taker || victim.total === 0) return false;
      // A caller that holds most makes room for itself only among those that are not known apart.
      if (most === caller && caller.account !== undefined) return false;
      victim.cutOff();
    }
  }
}

class Entry implements Holder {
  total = 0;
  readonly #bytes = noBytes();
  readonly #account: Account;
  readonly #end: () => void;
  #caller: Caller;
  #isOpen = true;

  constructor(account: Account, end: () => void, caller: string | undefined) {
    this.#account = account;
    this.#end = end;
    this.#caller = account.join(this, caller);
  }

  identify(account: string): void {
    if (!this.#isOpen || this.#caller.account === account) return;
    this.#account.leave(this, this.#caller);
    this.#caller = this.#account.join(this, account);
  }

  take(kind: HeldKind, bytes: number): boolean {
    if (!this.#isOpen) return false;
    const account = this.#account;
    const caller = this.#caller;
    const fits = account.hasRoom(bytes) && caller.total + bytes <= caller.maxBytes;
    if (fits || account.makeRoom(this, caller, bytes)) {
      this.#add(kind, bytes);
      return true;
    }
    account.onRefused?.({ reason: 'refused', kind }, caller.account);
    return false;
  }

  give(kind: HeldKind, bytes: number): void {
    if (this.#isOpen) this.#add(kind, -bytes);
  }

  close(): void {
    if (!this.#isOpen) return;
    for (const kind of HELD_KINDS) this.#add(kind, -this.#bytes[kind]);
    this.#isOpen = false;
    this.#account.leave(this, this.#caller);
  }

  /** Makes room for others. */
  cutOff(): void {
    const kind = largest(HELD_KINDS, (one) => this.#bytes[one]) ?? 'input';
    const { account } = this.#caller;
    this.close();
    this.#account.onRefused?.({ reason: 'cut_off', kind }, account);
    this.#end();
  }

  #add(kind: HeldKind, bytes: number): void {
    this.#bytes[kind] += bytes;
    this.total += bytes;
    this.#caller.total += bytes;
    this.#account.held[kind] += bytes;
    this.#account.total += bytes;
  }
}

function noBytes(): Record<HeldKind, number> {
  return { input: 0, stream: 0, operation: 0, answer: 0 };
}

function largest<T>(all: Iterable<T>, sizeOf: (one: T) => number): T | undefined {
  let found: T | undefined;
  let size = -1;
  for (const one of all) {
    const own = sizeOf(one);
    if (own > size) [found, size] = [one, own];
  }
  return found;
}
