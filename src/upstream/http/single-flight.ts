/** A caller waiting for the result of a call. */
interface Waiter<T> {
  readonly resolve: (result: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
  readonly onAbort: () => void;
}

interface Call<T> {
  readonly waiters: Set<Waiter<T>>;
  readonly controller: AbortController;
}

/**
 * Coalesces identical calls in flight: callers with the same key share one call. A caller that aborts
 * rejects with the reason of its signal and does not affect the others; when the last one aborts, so
 * does the call. Nothing is cached: once a call has settled, the next one starts afresh.
 *
 * The key must hold everything that can change the result, above all the caller's credentials.
 */
export interface SingleFlight<T> {
  /**
   * @param task is given the controller that aborts the call, which it may abort itself, as at a deadline; it
   *   then rejects
   */
  run(key: string, task: (call: AbortController) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** @param onCall called for each caller, with whether it started a call or joined one */
export function createSingleFlight<T>(onCall?: (kind: 'joined' | 'started') => void): SingleFlight<T> {
  const calls = new Map<string, Call<T>>();

  const settle = (key: string, call: Call<T>, notify: (waiter: Waiter<T>) => void): void => {
    if (calls.get(key) === call) calls.delete(key);
    for (const waiter of call.waiters) {
      waiter.signal.removeEventListener('abort', waiter.onAbort);
      notify(waiter);
    }
  };

  const start = (key: string, task: (call: AbortController) => Promise<T>): Call<T> => {
    const call: Call<T> = { waiters: new Set(), controller: new AbortController() };
    calls.set(key, call);
    task(call.controller).then(
      (result) => settle(key, call, (waiter) => waiter.resolve(result)),
      (reason: unknown) => settle(key, call, (waiter) => waiter.reject(reason)),
    );
    return call;
  };

  return {
    run(key, task, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const existing = calls.get(key);
      onCall?.(existing === undefined ? 'started' : 'joined');
      const call = existing ?? start(key, task);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          call.waiters.delete(waiter);
          reject(signal.reason);
          if (call.waiters.size > 0) return;
          // A new caller must not join a call that is being aborted.
          if (calls.get(key) === call) calls.delete(key);
          call.controller.abort(signal.reason);
        };
        const waiter: Waiter<T> = { resolve, reject, signal, onAbort };
        call.waiters.add(waiter);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
