/** A caller waiting for the result of a call, which listens for what ends its patience. */
class Waiter<T> {
  readonly resolve: (result: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly #signal: AbortSignal;
  readonly #leave: (waiter: Waiter<T>, reason: unknown) => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    [resolve, reject]: readonly [Waiter<T>['resolve'], Waiter<T>['reject']],
    signal: AbortSignal,
    deadline: Deadline | undefined,
    leave: (waiter: Waiter<T>, reason: unknown) => void,
  ) {
    this.resolve = resolve;
    this.reject = reject;
    this.#signal = signal;
    this.#leave = leave;
    if (deadline !== undefined) this.#timer = setTimeout(() => leave(this, deadline.reason()), deadline.ms);
    signal.addEventListener('abort', this, { once: true });
  }

  /** It listens no longer. */
  stop(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    this.#leave(this, this.#signal.reason);
  }
}

/** How long a caller waits. */
interface Deadline {
  readonly ms: number;
  /** Returns what it is rejected with. */
  readonly reason: () => Error;
}

interface Call<T> {
  readonly waiters: Set<Waiter<T>>;
  readonly controller: AbortController;
  /** Gives up for a waiter; when it was the last one, the call ends. */
  readonly leave: (waiter: Waiter<T>, reason: unknown) => void;
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

  const settle = (key: string, call: Call<T>, notify: (waiter: Waiter<T>) => void): void => {
    if (calls.get(key) === call) calls.delete(key);
    for (const waiter of call.waiters) {
      call.waiters.delete(waiter);
      waiter.stop();
      notify(waiter);
      if (yields && call.waiters.size > 0) return void setImmediate(settle, key, call, notify);
    }
  };

  const start = (key: string, task: (call: AbortController) => Promise<T>): Call<T> => {
    const call: Call<T> = {
      waiters: new Set(),
      controller: new AbortController(),
      leave(waiter, reason) {
        waiter.stop();
        call.waiters.delete(waiter);
        waiter.reject(reason);
        if (call.waiters.size > 0) return;
        // A new caller must not join a call that is being aborted.
        if (calls.get(key) === call) calls.delete(key);
        call.controller.abort(reason);
      },
    };
    calls.set(key, call);
    task(call.controller).then(
      (result) => settle(key, call, (waiter) => waiter.resolve(result)),
      (reason: unknown) => settle(key, call, (waiter) => waiter.reject(reason)),
    );
    return call;
  };

  return {
    run(key, task, signal, deadline) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const existing = calls.get(key);
      onCall?.(existing === undefined ? 'started' : 'joined');
      const call = existing ?? start(key, task);
      return new Promise((...settlers) => {
        call.waiters.add(new Waiter(settlers, signal, deadline, call.leave));
      });
    },
  };
}
