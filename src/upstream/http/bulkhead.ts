import { UpstreamError } from '../../runs/errors.ts';
import type { CallerKey } from '../credentials.ts';
import { createCallerQueues, type Waiter } from './caller-queues.ts';

export interface BulkheadOptions {
  /** The number of tasks that may run at once. */
  readonly permits: number;
  /** The number of tasks that may wait for a permit; further ones are rejected at once. */
  readonly queueCapacity: number;
  /**
   * A caller gets a permit only while it holds fewer than this many times the permits that are free.
   * With 3, one caller alone holds at most three quarters of the permits, two hold three sevenths each,
   * and many are served in turn: whoever has nothing in flight finds a permit free, or gets the next
   * one. Infinity is no bound.
   */
  readonly share: number;
  /**
   * The same for the callers of one account together. More than `share`, so that one of them can't keep
   * the others waiting; and a bound, so that nobody holds everything by naming many projects. @default Infinity
   */
  readonly accountShare?: number;
  /**
   * Whether a task may start beyond the permits; asked for one that is added while none waits, and for
   * one that waits whenever a task has ended. @default never
   */
  readonly mayExceed?: (inFlight: number) => boolean;
  /** Called whenever a task starts, ends, or starts or stops waiting. */
  readonly onLoad?: (inFlight: number, waiting: number) => void;
}

/**
 * Limits the requests in flight to one upstream, fairly: accounts with waiting tasks take turns, and so do
 * the callers of each. A caller's own tasks start in their order. What is known of a caller goes with its
 * last task.
 */
export interface Bulkhead {
  /**
   * Runs the task once a permit is available. A task that is aborted while waiting leaves the queue.
   * When the queue is full, the task is rejected if its account, and in it its caller, has the most
   * waiting; otherwise the last one of the caller who has is rejected in its place.
   *
   * @param account who answers for the caller; the caller itself by default
   * @throws UpstreamError `UPSTREAM_UNAVAILABLE` if it is rejected
   */
  run<T>(caller: CallerKey, task: () => Promise<T>, signal: AbortSignal, account?: CallerKey): Promise<T>;
  /** Whether as many tasks of this caller, one after the other, would start at once. */
  hasRoom(caller: CallerKey, tasks: number, account?: CallerKey): boolean;
}

export function createBulkhead(options: BulkheadOptions): Bulkhead {
  const { permits, queueCapacity, share, accountShare = Infinity } = options;
  const { mayExceed = () => false, onLoad } = options;
  let inFlight = 0;
  /** The tasks in flight of each caller, and of each account, that has any. */
  const held = new Map<CallerKey, number>();
  const heldByAccount = new Map<CallerKey, number>();
  const queues = createCallerQueues();
  const report = (): void => onLoad?.(inFlight, queues.size);

  const hasRoom = (caller: CallerKey, tasks: number, account = caller): boolean => {
    const others = tasks - 1;
    const free = permits - inFlight - others;
    return (
      free > 0 &&
      (held.get(caller) ?? 0) + others < share * free &&
      (heldByAccount.get(account) ?? 0) + others < accountShare * free
    );
  };
  const mayStart = (caller: CallerKey, account: CallerKey): boolean => hasRoom(caller, 1, account);

  const add = (caller: CallerKey, account: CallerKey, number: 1 | -1): void => {
    inFlight += number;
    addTo(held, caller, number);
    addTo(heldByAccount, account, number);
  };

  /** Returns undefined if a permit is available at once. */
  const acquire = (caller: CallerKey, account: CallerKey, signal: AbortSignal): Promise<void> | undefined => {
    signal.throwIfAborted();
    // Whoever waits may not start yet, so that nobody is overtaken: see `release`.
    if (mayStart(caller, account) || (queues.size === 0 && mayExceed(inFlight))) {
      add(caller, account, 1);
      report();
      return undefined;
    }
    const isFull = queues.size >= queueCapacity;
    if (isFull && !queues.dropFor(caller, account)) throw queueFull();
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        signal.removeEventListener('abort', onAbort);
        reject(reason);
      };
      const waiter: Waiter = {
        start() {
          signal.removeEventListener('abort', onAbort);
          add(caller, account, 1);
          resolve();
        },
        drop: () => leave(queueFull()),
      };
      const onAbort = (): void => {
        queues.remove(caller, account, waiter);
        report();
        leave(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queues.add(caller, account, waiter);
      report();
    });
  };

  const queueFull = (): UpstreamError =>
    new UpstreamError('UPSTREAM_UNAVAILABLE', `${inFlight} requests in flight, ${queueCapacity} waiting`, {
      retryAfterMs: 1000,
      retry: 'never',
    });

  /** Starts whoever may start now; afterwards nobody may by a permit who still waits. */
  const release = (caller: CallerKey, account: CallerKey): void => {
    add(caller, account, -1);
    while (queues.size > 0) {
      const next = queues.take(mayStart);
      if (next === undefined) break;
      next.start();
    }
    // In place of the task that has ended, and no more: what has just started may not be counted elsewhere yet.
    if (inFlight >= permits && queues.size > 0 && mayExceed(inFlight)) queues.take(() => true)?.start();
    report();
  };

  return {
    hasRoom,
    async run(caller, task, signal, account = caller) {
      const acquired = acquire(caller, account, signal);
      if (acquired !== undefined) await acquired;
      try {
        return await task();
      } finally {
        release(caller, account);
      }
    },
  };
}

function addTo(counts: Map<CallerKey, number>, key: CallerKey, number: 1 | -1): void {
  const sum = (counts.get(key) ?? 0) + number;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}
