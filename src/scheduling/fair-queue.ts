import { Counts } from './counts.ts';

export interface FairQueueOptions {
  /** The number of permits; a task takes one or several. */
  readonly permits: number;
  /** The number of tasks that may wait for a permit; further tasks are rejected at once. */
  readonly capacity: number;
  /**
   * An account gets a permit only while it holds fewer than this many times the free permits. With 1, one account alone
   * holds half of all permits, two a third each, and so a newcomer finds a free permit. @default 1
   */
  readonly maxTimesFree?: number;
  /** Returns the error for a task that is rejected, where the capacity is finite. */
  readonly rejection?: () => Error;
}

interface Waiter {
  readonly permits: number;
  readonly signal: AbortSignal;
  /** Takes the task out of the queue, with its permits or with an error. */
  readonly leave: (error?: unknown) => void;
}

/** Limits what is in flight, fairly: accounts with waiting tasks take turns. Tasks of one account start in their order. */
export class FairQueue {
  readonly #options: FairQueueOptions;
  /** The accounts with waiting tasks, in the order of their turns. */
  readonly #queues = new Map<string, Set<Waiter>>();
  readonly #permits = new Counts();
  /** One listener for all tasks of a signal: Node compares an added listener with all listeners of the signal. */
  readonly #onAbort = ({ target }: Event): void => {
    const waiters = [...this.#queues.values()].flatMap((queue) => [...queue]);
    for (const { signal, leave } of waiters) if (signal === target) leave(signal.reason);
    this.#startNext();
  };
  #inFlight = 0;
  #waiting = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  /** The permits that are held, and the tasks that wait for one. */
  get load(): { readonly inFlight: number; readonly waiting: number } {
    return { inFlight: this.#inFlight, waiting: this.#waiting };
  }

  /**
   * Runs the task once it has its permits, which must not be more than its account may hold. If it is aborted while it
   * waits, it leaves the queue. When the queue is full, the last task of the account with most waiting is rejected.
   *
   * @param task must not throw: it rejects
   * @throws what `rejection` returns; the signal's reason
   */
  enqueue<T>(account: string, signal: AbortSignal, task: () => Promise<T>, permits = 1): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#waiting > 0 || !this.#hasRoom(account, permits)) {
      return this.#turn(account, signal, permits).then(() => this.#run(account, task, permits));
    }
    this.#addPermits(account, permits);
    return this.#run(account, task, permits);
  }

  #run<T>(account: string, task: () => Promise<T>, permits: number): Promise<T> {
    const result = task();
    const leave = (): void => {
      this.#addPermits(account, -permits);
      this.#startNext();
    };
    result.then(leave, leave);
    return result;
  }

  #turn(account: string, signal: AbortSignal, permits: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#makeRoomFor(account);
      const queue = this.#queues.get(account) ?? new Set<Waiter>();
      this.#queues.set(account, queue);
      const leave = (error?: unknown): void => {
        queue.delete(waiter);
        if (queue.size === 0) this.#queues.delete(account);
        this.#waiting--;
        // The signal may outlive this queue, as the signal of a subscription outlives the queues of its polls.
        if (this.#waiting === 0) signal.removeEventListener('abort', this.#onAbort);
        if (error !== undefined) return reject(error);
        this.#addPermits(account, permits);
        resolve();
      };
      const waiter: Waiter = { permits, signal, leave };
      signal.addEventListener('abort', this.#onAbort, { once: true });
      queue.add(waiter);
      this.#waiting++;
      // If no waiting task may start, neither may the new task, which waits behind them.
      this.#startNext();
    });
  }

  #startNext(): void {
    while (this.#waiting > 0 && this.#takeTurn());
  }

  /** Starts the first task of the next account that may start one; returns false if none may. */
  #takeTurn(): boolean {
    for (const [account, queue] of this.#queues) {
      const [waiter] = queue;
      if (waiter !== undefined && this.#hasRoom(account, waiter.permits)) {
        // To the end of the round.
        this.#queues.delete(account);
        this.#queues.set(account, queue);
        waiter.leave();
        return true;
      }
      // An account that holds nothing gets the free permits once they are as many as its task needs.
      if (this.#permits.get(account) === 0) return false;
    }
    return false;
  }

  /** Rejects the last task of the longest queue if no further one may wait. @throws if it is the queue of this account */
  #makeRoomFor(account: string): void {
    const { capacity, rejection = () => new Error('Too many tasks wait') } = this.#options;
    if (this.#waiting < capacity) return;
    let longest = new Set<Waiter>();
    for (const queue of this.#queues.values()) if (queue.size >= longest.size) longest = queue;
    if (longest.size <= (this.#queues.get(account)?.size ?? 0) + 1) throw rejection();
    [...longest].at(-1)?.leave(rejection());
  }

  /** Whether this account may take so many permits. */
  #hasRoom(account: string, permits: number): boolean {
    const { permits: total, maxTimesFree = 1 } = this.#options;
    // How many permits are free once all but the last of these are taken.
    const free = total - this.#inFlight - permits + 1;
    return free > 0 && this.#permits.get(account) + permits - 1 < maxTimesFree * free;
  }

  #addPermits(account: string, permits: number): void {
    this.#inFlight += permits;
    this.#permits.add(account, permits);
  }
}
