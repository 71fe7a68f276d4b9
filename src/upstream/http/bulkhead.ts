import { UpstreamError } from '../../errors/upstream-error.ts';
import type { CallerKey } from '../credentials.ts';
import { CallerQueues, type Waiter } from './caller-queues.ts';
import { Counts } from './counts.ts';

export interface BulkheadOptions {
  /** The number of tasks that may run at once. */
  readonly permits: number;
  /** The number of tasks that may wait for a permit; further ones are rejected at once. */
  readonly queueCapacity: number;
  /**
   * A caller gets a permit only while it holds fewer than this many times the permits that are free.
   * With 3, one caller alone holds at most three quarters of the permits, two hold three sevenths each,
   * and many are served in turn: a caller with nothing in flight finds a permit free, or gets the next
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
  /**
   * Whether a task that is aborted is forgotten rather than rejected, as is right where the one that waits for it has stopped by
   * the same signal: a thousand rejections take time. @default false
   */
  readonly forgetsAborted?: boolean;
  /** Returns the error for a task that is rejected. @default UpstreamError `UPSTREAM_UNAVAILABLE` */
  readonly rejection?: (message: string) => Error;
  /** Called whenever a task starts, ends, or starts or stops waiting. */
  readonly onLoad?: (inFlight: number, waiting: number) => void;
}

/** A task that waits, with what it takes. */
interface Waiting extends Waiter {
  readonly caller: CallerKey;
  readonly account: CallerKey;
  readonly weight: number;
  readonly abort: (reason: unknown) => void;
}

/**
 * Limits what is in flight, such as requests to one upstream, fairly: accounts with waiting tasks take turns, and so do
 * the callers of each. A caller's own tasks start in their order. What is known of a caller goes with its last task, but
 * for its key: see `Counts`.
 */
export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #queues = new CallerQueues<Waiting>();
  /** The permits of each caller, and of each account, that has any; undefined without a share. */
  readonly #held: Counts | undefined;
  readonly #heldByAccount: Counts | undefined;
  /** One listener for all that wait by the same signal: adding or removing one takes time for each that is there. */
  #bySignal: Map<AbortSignal, { readonly waiters: Set<Waiting>; readonly onAbort: () => void }> | undefined;
  #inFlight = 0;
  /** Whether one who holds nothing waits for more permits than are free: nobody overtakes it. */
  #isReserved = false;

  constructor(options: BulkheadOptions) {
    this.#options = options;
    const { share, accountShare = Infinity } = options;
    this.#held = share === Infinity ? undefined : new Counts();
    this.#heldByAccount = accountShare === Infinity ? undefined : new Counts();
  }

  /** Whether as many tasks of this caller, one after the other, would start at once. */
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

  /**
   * Runs the task once a permit is available. A task that is aborted while waiting leaves the queue.
   * When the queue is full, the task is rejected if its account, and in it its caller, has the most
   * waiting; otherwise the last one of the caller who has is rejected in its place.
   *
   * @param account who answers for the caller; the caller itself by default
   * @param weight the permits that it takes, at most as many as the account may hold; 1 by default
   * @throws UpstreamError `UPSTREAM_UNAVAILABLE`, or what else `rejection` returns, if it is rejected
   */
  async run<T>(
    caller: CallerKey,
    task: () => Promise<T>,
    signal: AbortSignal,
    account = caller,
    weight = 1,
  ): Promise<T> {
    const turn = this.enter(caller, signal, account, weight);
    if (turn !== undefined) await turn;
    try {
      return await task();
    } catch (error) {
      if (this.#options.forgetsAborted === true && signal.aborted) return never();
      throw error;
    } finally {
      this.leave(caller, account, weight);
    }
  }

  /**
   * Takes the permits of a task, which gives them back by `leave` in any case: what `run` is made of, where its promises
   * would be too many.
   *
   * @returns undefined if it has them at once; otherwise a promise of them, which rejects as `run` does
   */
  enter(caller: CallerKey, signal: AbortSignal, account = caller, weight = 1): Promise<void> | undefined {
    const { forgetsAborted = false, queueCapacity } = this.#options;
    if (signal.aborted) return forgetsAborted ? never() : Promise.reject(signal.reason);
    const queues = this.#queues;
    // A task that waits may not start yet, so that none is overtaken: see `#startNext`.
    const hasPermit = !this.#isReserved && this.hasRoom(caller, weight, account);
    if (hasPermit || (queues.size === 0 && this.#mayExceed())) {
      this.#add(caller, account, weight);
      this.#report();
      return undefined;
    }
    const isFull = queues.size >= queueCapacity;
    if (isFull && !queues.dropFor(caller, account)) return Promise.reject(this.#queueFull());
    return new Promise((resolve, reject) => {
      const waiter: Waiting = {
        caller,
        account,
        weight,
        start: () => {
          this.#unlisten(signal, waiter);
          this.#add(caller, account, weight);
          resolve();
        },
        drop: () => {
          this.#unlisten(signal, waiter);
          reject(this.#queueFull());
        },
        abort: reject,
      };
      this.#listen(signal, waiter);
      queues.add(caller, account, waiter);
      this.#isReserved ||= this.#holdsNothing(caller, account);
      this.#report();
    });
  }

  /** Gives back what a task has taken. */
  leave(caller: CallerKey, account = caller, weight = 1): void {
    this.#add(caller, account, -weight);
    this.#startNext();
    // In place of the task that has ended, and no more.
    if (this.#inFlight >= this.#options.permits && this.#queues.size > 0 && this.#mayExceed()) {
      this.#queues.take(() => true)?.start();
    }
    this.#report();
  }

  /** Starts what may start now; afterwards nothing may by a permit that still waits. */
  #startNext(): void {
    this.#isReserved = false;
    while (this.#queues.size > 0) {
      const next = this.#queues.take((caller, account, { weight }) => {
        if (this.#isReserved) return false;
        const may = this.hasRoom(caller, weight, account);
        this.#isReserved = !may && this.#holdsNothing(caller, account);
        return may;
      });
      if (next === undefined) return;
      next.start();
    }
  }

  #listen(signal: AbortSignal, waiter: Waiting): void {
    this.#bySignal ??= new Map();
    const group = this.#bySignal.get(signal);
    if (group !== undefined) return void group.waiters.add(waiter);
    const waiters = new Set([waiter]);
    const onAbort = (): void => {
      this.#bySignal?.delete(signal);
      for (const one of waiters) {
        this.#queues.remove(one.caller, one.account, one);
        if (this.#options.forgetsAborted !== true) one.abort(signal.reason);
      }
      this.#startNext();
      this.#report();
    };
    this.#bySignal.set(signal, { waiters, onAbort });
    signal.addEventListener('abort', onAbort, { once: true });
  }

  #unlisten(signal: AbortSignal, waiter: Waiting): void {
    const group = this.#bySignal?.get(signal);
    group?.waiters.delete(waiter);
    if (group?.waiters.size !== 0) return;
    signal.removeEventListener('abort', group.onAbort);
    this.#bySignal?.delete(signal);
  }

  #holdsNothing(caller: CallerKey, account: CallerKey): boolean {
    return (this.#held?.get(caller) ?? 0) === 0 && (this.#heldByAccount?.get(account) ?? 0) === 0;
  }

  #mayExceed(): boolean {
    return this.#options.mayExceed?.(this.#inFlight) ?? false;
  }

  #add(caller: CallerKey, account: CallerKey, number: number): void {
    this.#inFlight += number;
    this.#held?.add(caller, number);
    this.#heldByAccount?.add(account, number);
  }

  #report(): void {
    this.#options.onLoad?.(this.#inFlight, this.#queues.size);
  }

  #queueFull(): Error {
    const { rejection = unavailable, queueCapacity } = this.#options;
    return rejection(`${this.#inFlight} in flight, ${queueCapacity} waiting`);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function unavailable(message: string): UpstreamError {
  return new UpstreamError('UPSTREAM_UNAVAILABLE', message, { retryAfterMs: 1000, retry: 'never' });
}
