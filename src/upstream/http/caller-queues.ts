import type { CallerKey } from '../credentials.ts';

/** A task that waits. */
export interface Waiter {
  readonly start: () => void;
  /** Rejects it, because others need its place. */
  readonly drop: () => void;
}

/** A queue for each caller that waits. Nothing is kept of a caller whose queue is empty. */
export interface CallerQueues {
  /** The waiters of all callers. */
  readonly size: number;
  add(caller: CallerKey, waiter: Waiter): void;
  remove(caller: CallerKey, waiter: Waiter): void;
  /** Takes the first waiter of the next caller, round robin, among those that may start. */
  take(mayStart: (caller: CallerKey) => boolean): Waiter | undefined;
  /**
   * Drops the last waiter of the longest queue, so that this caller can add one. Returns false, and
   * drops nobody, if the caller would have the longest queue itself.
   */
  dropFor(caller: CallerKey): boolean;
}

export function createCallerQueues(): CallerQueues {
  // In the order of turns. Created by the first waiter: most bulkheads of one request never have any.
  let queues: Map<CallerKey, Set<Waiter>> | undefined;
  let size = 0;

  const remove = (caller: CallerKey, waiter: Waiter): void => {
    const queue = queues?.get(caller);
    if (queue?.delete(waiter) !== true) return;
    size--;
    if (queue.size === 0) queues?.delete(caller);
  };

  return {
    get size() {
      return size;
    },
    remove,
    add(caller, waiter) {
      queues ??= new Map();
      const queue = queues.get(caller);
      if (queue === undefined) queues.set(caller, new Set([waiter]));
      else queue.add(waiter);
      size++;
    },
    take(mayStart) {
      for (const [caller, queue] of queues ?? []) {
        if (!mayStart(caller)) continue;
        const [waiter] = queue;
        if (waiter === undefined) continue;
        // To the end of the round.
        queues?.delete(caller);
        queues?.set(caller, queue);
        remove(caller, waiter);
        return waiter;
      }
      return undefined;
    },
    dropFor(caller) {
      let longest: [CallerKey, Set<Waiter>] | undefined;
      for (const entry of queues ?? []) {
        if (longest === undefined || entry[1].size > longest[1].size) longest = entry;
      }
      const own = queues?.get(caller)?.size ?? 0;
      if (longest === undefined || longest[1].size <= own + 1) return false;
      const last = [...longest[1]].at(-1);
      if (last === undefined) return false;
      remove(longest[0], last);
      last.drop();
      return true;
    },
  };
}
