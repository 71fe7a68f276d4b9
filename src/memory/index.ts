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
  /** Removes whatever is left. What is taken afterwards is refused. */
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
  /** Opens an account. @param cutOff ends what it is about; called at most once, after which it is closed */
  open(cutOff: () => void): Holder;
  /** The bytes that are held, by kind. */
  readonly held: Readonly<Record<HeldKind, number>>;
}

/** The part of the budget for all clients that have not said who they are. */
const UNIDENTIFIED_SHARE = 1 / 8;

interface Entry {
  readonly cutOff: () => void;
  readonly bytes: Record<HeldKind, number>;
  total: number;
  caller: Caller;
  isOpen: boolean;
}

/** A caller with what its holders hold. It is known as long as it has any. */
interface Caller {
  readonly account: string | undefined;
  readonly entries: Set<Entry>;
  readonly maxBytes: number;
  total: number;
}

export function createMemory({ budgetBytes, process, onRefused }: MemoryOptions): Memory {
  const held = noBytes();
  const callers = new Map<string | undefined, Caller>();
  let total = 0;
  const limit = process === undefined ? () => budgetBytes : createPressure(budgetBytes, process, () => total);

  const callerOf = (account: string | undefined): Caller => {
    const known = callers.get(account);
    if (known !== undefined) return known;
    const maxBytes = account === undefined ? budgetBytes * UNIDENTIFIED_SHARE : budgetBytes;
    const caller = { account, entries: new Set<Entry>(), maxBytes, total: 0 };
    callers.set(account, caller);
    return caller;
  };
  const leave = (entry: Entry): void => {
    const { caller } = entry;
    caller.entries.delete(entry);
    caller.total -= entry.total;
    if (caller.entries.size === 0) callers.delete(caller.account);
  };
  const join = (entry: Entry, account: string | undefined): void => {
    entry.caller = callerOf(account);
    entry.caller.entries.add(entry);
    entry.caller.total += entry.total;
  };
  const add = (entry: Entry, kind: HeldKind, bytes: number): void => {
    entry.bytes[kind] += bytes;
    entry.total += bytes;
    entry.caller.total += bytes;
    held[kind] += bytes;
    total += bytes;
  };
  const close = (entry: Entry): void => {
    if (!entry.isOpen) return;
    for (const kind of HELD_KINDS) add(entry, kind, -entry.bytes[kind]);
    entry.isOpen = false;
    leave(entry);
  };
  const cutOff = (entry: Entry): void => {
    const kind = largest(HELD_KINDS, (one) => entry.bytes[one]) ?? 'input';
    const { account } = entry.caller;
    close(entry);
    onRefused?.({ reason: 'cut_off', kind }, account);
    entry.cutOff();
  };
  /** Cuts off whoever holds most until so much more fits. @returns whether it does */
  const makeRoom = (taker: Entry, bytes: number): boolean => {
    const { caller } = taker;
    for (;;) {
      const isOver = caller.total + bytes > caller.maxBytes;
      if (!isOver && total + bytes <= limit(total + bytes)) return true;
      const most = isOver
        ? caller
        : largest(callers.values(), (one) => one.total + (one === caller ? bytes : 0));
      const victim = most && largest(most.entries, (one) => one.total + (one === taker ? bytes : 0));
      if (victim === undefined || victim === taker || victim.total === 0) return false;
      // A caller that holds most makes room for itself only among those that are not known apart.
      if (most === caller && caller.account !== undefined) return false;
      cutOff(victim);
    }
  };

  return {
    budgetBytes,
    held,
    open(end) {
      const entry: Entry = {
        cutOff: end,
        bytes: noBytes(),
        total: 0,
        caller: callerOf(undefined),
        isOpen: true,
      };
      join(entry, undefined);
      return {
        identify(account) {
          if (!entry.isOpen || entry.caller.account === account) return;
          leave(entry);
          join(entry, account);
        },
        take(kind, bytes) {
          const fits =
            total + bytes <= limit(total + bytes) && entry.caller.total + bytes <= entry.caller.maxBytes;
          if (entry.isOpen && (fits || makeRoom(entry, bytes))) {
            add(entry, kind, bytes);
            return true;
          }
          onRefused?.({ reason: 'refused', kind }, entry.caller.account);
          return false;
        },
        give(kind, bytes) {
          if (entry.isOpen) add(entry, kind, -bytes);
        },
        close: () => close(entry),
      };
    },
  };
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
