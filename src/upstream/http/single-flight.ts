/** A caller that waits for the result of a call. */
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
 * Makes one call of those with the same key that are wanted while it is in flight. A caller that
 * aborts gets the reason of its signal and disturbs nobody; when the last one has aborted, so is the
 * call. Nothing is remembered once a call has settled, failures least of all.
 *
 * The key must hold everything that can change the result, the caller's credentials first.
 */
export interface SingleFlight<T> {
  run(key: string, task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** @param onCall told of each caller, whether it started a call or joined one */
export function createSingleFlight<T>(onCall?: (kind: 'joined' | 'started') => void): SingleFlight<T> {
  const calls = new Map<string, Call<T>>();

  const settle = (key: string, call: Call<T>, tell: (waiter: Waiter<T>) => void): void => {
    if (calls.get(key) === call) calls.delete(key);
    for (const waiter of call.waiters) {
      waiter.signal.removeEventListener('abort', waiter.onAbort);
      tell(waiter);
    }
  };

  const start = (key: string, task: (signal: AbortSignal) => Promise<T>): Call<T> => {
    const call: Call<T> = { waiters: new Set(), controller: new AbortController() };
    calls.set(key, call);
    task(call.controller.signal).then(
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
          // A newcomer must not join what is being aborted.
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
