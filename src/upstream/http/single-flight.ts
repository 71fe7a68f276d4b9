/** A caller waiting for the result of a call, which listens for what ends its patience. */
class Waiter<T> {
  readonly resolve: (result: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly #call: Call<T>;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    call: Call<T>,
    resolve: (result: T) => void,
    reject: (reason: unknown) => void,
    signal: AbortSignal,
    deadline: Deadline | undefined,
  ) {
    this.#call = call;
    this.resolve = resolve;
    this.reject = reject;
    this.#signal = signal;
    if (deadline !== undefined) {
      this.#timer = setTimeout(() => call.leave(this, deadline.reason()), deadline.ms);
    }
    signal.addEventListener('abort', this, { once: true });
  }

  /** It listens no longer. */
  stop(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    this.#call.leave(this, this.#signal.reason);
  }
}

/** How long a caller waits. */
interface Deadline {
  readonly ms: number;
  /** Returns what it is rejected with. */
  readonly reason: () => Error;
}

/**
 * A call in flight, with all who wait for it. Once it has settled it refers to nothing more: the tables that a map has had
 * keep their entries until the next large collection of garbage, and what those refer to.
 */
class Call<T> {
  readonly waiters = new Set<Waiter<T>>();
  readonly #calls: Map<string, Call<T>>;
  #key: string;
  #controller: AbortController | undefined;

  constructor(calls: Map<string, Call<T>>, key: string, controller: AbortController) {
    this.#calls = calls;
    this.#key = key;
    this.#controller = controller;
    calls.set(key, this);
  }

  /** New callers must not join a call that has settled, or is being aborted. */
  close(): void {
    if (this.#calls.get(this.#key) === this) this.#calls.delete(this.#key);
    this.#key = '';
    this.#controller = undefined;
  }

  /** Gives up for a waiter; when it was the last one, the call ends. */
  leave(waiter: Waiter<T>, reason: unknown): void {
    waiter.stop();
    this.waiters.delete(waiter);
    waiter.reject(reason);
    if (this.waiters.size > 0) return;
    const controller = this.#controller;
    this.close();
    controller?.abort(reason);
  }
}

/**
 * Coalesces identical calls in flight: callers with the same key share one call. A caller that aborts
 * rejects with the reason of its signal and does not affect the others, and so does one at its deadline; when
 * the last one has left, the call is aborted, and not waited for. Nothing is cached: once a call has settled, the next one starts afresh.
 *
 * The key must hold everything that can change the result, above all the caller's credentials.
 */
export interface SingleFlight<T> {
  /**
   * @param task is given the controller that aborts the call, which it may abort itself, as at a deadline; it
   *   then rejects
   */
  run(
    key: string,
    task: (call: AbortController) => Promise<T>,
    signal: AbortSignal,
    deadline?: Deadline,
  ): Promise<T>;
}

/**
 * @param onCall called for each caller, with whether it started a call or joined one
 * @param yields whether callers get the result in turns of the event loop of their own, since each has much to do with it
 */
export function createSingleFlight<T>(
  onCall?: (kind: 'joined' | 'started') => void,
  yields = false,
): SingleFlight<T> {
  const calls = new Map<string, Call<T>>();

  const settle = (call: Call<T>, notify: (waiter: Waiter<T>) => void): void => {
    call.close();
    for (const waiter of call.waiters) {
      call.waiters.delete(waiter);
      waiter.stop();
      notify(waiter);
      if (yields && call.waiters.size > 0) return void setImmediate(settle, call, notify);
    }
  };

  const start = (key: string, task: (call: AbortController) => Promise<T>): Call<T> => {
    const controller = new AbortController();
    const call = new Call(calls, key, controller);
    task(controller).then(
      (result) => settle(call, (waiter) => waiter.resolve(result)),
      (reason: unknown) => settle(call, (waiter) => waiter.reject(reason)),
    );
    return call;
  };

  return {
    run(key, task, signal, deadline) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const existing = calls.get(key);
      onCall?.(existing === undefined ? 'started' : 'joined');
      const call = existing ?? start(key, task);
      return new Promise((resolve, reject) => {
        call.waiters.add(new Waiter(call, resolve, reject, signal, deadline));
      });
    },
  };
}
