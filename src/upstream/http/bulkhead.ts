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
  return new FairBulkhead(options);
}

class FairBulkhead implements Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #queues = createCallerQueues();
  /** The tasks in flight of each caller, and of each account, that has any; undefined without a share. */
  readonly #held: Map<CallerKey, number> | undefined;
  readonly #heldByAccount: Map<CallerKey, number> | undefined;
  #inFlight = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
    const { share, accountShare = Infinity } = options;
    this.#held = share === Infinity ? undefined : new Map();
    this.#heldByAccount = accountShare === Infinity ? undefined : new Map();
  }

  hasRoom(caller: CallerKey, tasks: number, account = caller): boolean {
    const { permits, share, accountShare = Infinity } = this.#options;
    const others = tasks - 1;
    const free = permits - this.#inFlight - others;
    return (
      free > 0 &&
      (this.#held?.get(caller) ?? 0) + others < share * free &&
      (this.#heldByAccount?.get(account) ?? 0) + others < accountShare * free
    );
  }

  async run<T>(caller: CallerKey, task: () => Promise<T>, signal: AbortSignal, account = caller): Promise<T> {
    const acquired = this.#acquire(caller, account, signal);
    if (acquired !== undefined) await acquired;
    try {
      return await task();
    } finally {
      this.#release(caller, account);
    }
  }

  /** Returns undefined if a permit is available at once. */
  #acquire(caller: CallerKey, account: CallerKey, signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted();
    const queues = this.#queues;
    // Whoever waits may not start yet, so that nobody is overtaken: see `#release`.
    if (this.hasRoom(caller, 1, account) || (queues.size === 0 && this.#mayExceed())) {
      this.#add(caller, account, 1);
      this.#report();
      return undefined;
    }
    const isFull = queues.size >= this.#options.queueCapacity;
    if (isFull && !queues.dropFor(caller, account)) throw this.#queueFull();
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        signal.removeEventListener('abort', onAbort);
        reject(reason);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', onAbort);
          this.#add(caller, account, 1);
          resolve();
        },
        drop: () => leave(this.#queueFull()),
      };
      const onAbort = (): void => {
        queues.remove(caller, account, waiter);
        this.#report();
        leave(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queues.add(caller, account, waiter);
      this.#report();
    });
  }

  /** Starts whoever may start now; afterwards nobody may by a permit who still waits. */
  #release(caller: CallerKey, account: CallerKey): void {
    const queues = this.#queues;
    this.#add(caller, account, -1);
    while (queues.size > 0) {
      const next = queues.take((waiting, answerable) => this.hasRoom(waiting, 1, answerable));
      if (next === undefined) break;
      next.start();
    }
    // In place of the task that has ended, and no more: what has just started may not be counted elsewhere yet.
    if (this.#inFlight >= this.#options.permits && queues.size > 0 && this.#mayExceed()) {
      queues.take(() => true)?.start();
    }
    this.#report();
  }

  #mayExceed(): boolean {
    return this.#options.mayExceed?.(this.#inFlight) ?? false;
  }

  #add(caller: CallerKey, account: CallerKey, number: 1 | -1): void {
    this.#inFlight += number;
    if (this.#held !== undefined) addTo(this.#held, caller, number);
    if (this.#heldByAccount !== undefined) addTo(this.#heldByAccount, account, number);
  }

  #report(): void {
    this.#options.onLoad?.(this.#inFlight, this.#queues.size);
  }

  #queueFull(): UpstreamError {
    const message = `${this.#inFlight} requests in flight, ${this.#options.queueCapacity} waiting`;
    return new UpstreamError('UPSTREAM_UNAVAILABLE', message, { retryAfterMs: 1000, retry: 'never' });
  }
}

function addTo(counts: Map<CallerKey, number>, key: CallerKey, number: 1 | -1): void {
  const sum = (counts.get(key) ?? 0) + number;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}
