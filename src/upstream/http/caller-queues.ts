import type { CallerKey } from '../credentials.ts';

/** A task that waits. */
export interface Waiter {
  readonly start: () => void;
  /** Rejects it, because others need its place. */
  readonly drop: () => void;
}

type Queues<Waiting> = Map<CallerKey, Set<Waiting>>;

/**
 * A queue for each caller that waits. Nothing is kept of a caller whose queue is empty. Accounts take turns,
 * and among the callers of one account those do.
 */
export class CallerQueues<Waiting extends Waiter> {
  // In the order of turns. Created by the first waiter: most bulkheads of one request never have any.
  #accounts: Map<CallerKey, Queues<Waiting>> | undefined;
  #size = 0;

  /** The waiters of all callers. */
  get size(): number {
    return this.#size;
  }

  add(caller: CallerKey, account: CallerKey, waiter: Waiting): void {
    this.#accounts ??= new Map();
    const queues: Queues<Waiting> = this.#accounts.get(account) ?? new Map();
    this.#accounts.set(account, queues);
    queues.set(caller, (queues.get(caller) ?? new Set()).add(waiter));
    this.#size++;
  }

  remove(caller: CallerKey, account: CallerKey, waiter: Waiting): void {
    const queues = this.#accounts?.get(account);
    const queue = queues?.get(caller);
    if (queue?.delete(waiter) !== true) return;
    this.#size--;
    if (queue.size === 0) queues?.delete(caller);
    if (queues?.size === 0) this.#accounts?.delete(account);
  }

  /** Takes the first waiter of the next caller, round robin, among those that may start. */
  take(mayStart: (caller: CallerKey, account: CallerKey, waiter: Waiting) => boolean): Waiting | undefined {
    for (const [account, queues] of this.#accounts ?? []) {
      for (const [caller, queue] of queues) {
        const [waiter] = queue;
        if (waiter === undefined || !mayStart(caller, account, waiter)) continue;
        toEnd(queues, caller, queue);
        toEnd(this.#accounts, account, queues);
        this.remove(caller, account, waiter);
        return waiter;
      }
    }
    return undefined;
  }

  /**
   * Drops the last waiter of the longest queue of the account that has most waiting, so that this caller
   * can add one. Returns false, and drops nobody, if the caller would have the longest queue itself.
   */
  dropFor(caller: CallerKey, account: CallerKey): boolean {
    const own = this.#accounts?.get(account);
    const most = longest(this.#accounts, waitingIn);
    const isOwn = most === undefined || waitingIn(most[1]) <= waitingIn(own) + 1;
    const [from, queues] = isOwn ? [account, own] : most;
    const [victim, queue] = longest(queues, ({ size }) => size) ?? [];
    if (victim === undefined || queue === undefined) return false;
    if (isOwn && queue.size <= (own?.get(caller)?.size ?? 0) + 1) return false;
    const last = [...queue].at(-1);
    if (last === undefined) return false;
    this.remove(victim, from, last);
    last.drop();
    return true;
  }
}

/** Moves an entry to the end of the round. */
function toEnd<Value>(round: Map<CallerKey, Value> | undefined, key: CallerKey, value: Value): void {
  round?.delete(key);
  round?.set(key, value);
}

function waitingIn(queues: Queues<unknown> = new Map()): number {
  return queues.values().reduce((sum, { size }) => sum + size, 0);
}

/** Of several, the one whose turn comes last. */
function longest<Value>(
  round: Map<CallerKey, Value> | undefined,
  lengthOf: (value: Value) => number,
): [CallerKey, Value] | undefined {
  let found: [CallerKey, Value] | undefined;
  for (const entry of round ?? []) {
    if (found === undefined || lengthOf(entry[1]) >= lengthOf(found[1])) found = entry;
  }
  return found;
}
