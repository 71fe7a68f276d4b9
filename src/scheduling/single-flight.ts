interface Call<T> {
  readonly controller: AbortController;
  readonly result: Promise<T>;
  /** How many callers wait for the result. */
  waiting: number;
  /** Prevents that a caller joins a call that has settled or is being aborted. */
  readonly close: () => void;
}

/**
 * Holds a call in the map until the call is closed. V8 keeps the entries of tables that a `Map` has outgrown, until a full
 * collection: a call in these would keep its result, and pages of 100 rows took 1.7 times the CPU.
 */
interface Entry<T> {
  call: Call<T> | undefined;
}

/**
 * Coalesces identical calls in flight. A caller that aborts doesn't affect the others; with the last caller, the call is
 * aborted. The key must hold everything that can change the result, above all the credentials.
 */
export class SingleFlight<T> {
  readonly #calls = new Map<string, Entry<T>>();
  readonly #onCall: (event: 'joined' | 'started') => void;

  /** @param onCall called for each caller, with whether it started a call or joined one */
  constructor(onCall: (event: 'joined' | 'started') => void) {
    this.#onCall = onCall;
  }

  /**
   * @param task receives the controller of the call, and may abort it, as at a deadline
   * @param timeout after which the caller leaves, and with which reason. @default none
   */
  join(
    key: string,
    task: (controller: AbortController) => Promise<T>,
    signal: AbortSignal,
    timeout?: { readonly ms: number; readonly reason: () => Error },
  ): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const existing = this.#calls.get(key)?.call;
    this.#onCall(existing === undefined ? 'started' : 'joined');
    const call = existing ?? this.#start(key, task);
    call.waiting++;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        stop();
        const reason: unknown = signal.aborted ? signal.reason : timeout?.reason();
        reject(reason);
        if (--call.waiting > 0) return;
        call.close();
        call.controller.abort(reason);
      };
      const timer = timeout && setTimeout(leave, timeout.ms);
      signal.addEventListener('abort', leave);
      call.result.then(stop, stop);
      call.result.then(resolve, reject);
    });
  }

  /** Keeps callers from joining calls whose keys have the prefix, since the results may be outdated. */
  closeAll(prefix: string): void {
    for (const key of this.#calls.keys()) if (key.startsWith(prefix)) this.#calls.delete(key);
  }

  #start(key: string, task: (controller: AbortController) => Promise<T>): Call<T> {
    const controller = new AbortController();
    const entry: Entry<T> = { call: undefined };
    const close = (): void => {
      entry.call = undefined;
      if (this.#calls.get(key) === entry) this.#calls.delete(key);
    };
    const call = { controller, result: task(controller), waiting: 0, close };
    entry.call = call;
    this.#calls.set(key, entry);
    call.result.then(close, close);
    return call;
  }
}
