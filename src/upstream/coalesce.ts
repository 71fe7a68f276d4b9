interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Makes one piece of work of those with the same key that are wanted while it is under way. A
 * waiter who leaves gets the reason of its signal and disturbs nobody; when the last one has left,
 * the work is aborted. Nothing is remembered once the work has ended, failures least of all.
 *
 * The key must hold everything that can change the answer, the caller's credentials first.
 */
export interface Coalescer<T> {
  run(key: string, work: (signal: AbortSignal) => Promise<T>, waiter: AbortSignal): Promise<T>;
}

export function createCoalescer<T>(onCall?: (kind: 'joined' | 'started') => void): Coalescer<T> {
  const flights = new Map<string, Flight<T>>();

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight<T> = { result, controller, waiters: 0 };
    // Whoever waits gets the failure; it must not count as unhandled when all have left.
    result.catch(() => undefined);
    flights.set(key, flight);
    return flight;
  };

  return {
    async run(key, work, waiter) {
      waiter.throwIfAborted();
      const existing = flights.get(key);
      onCall?.(existing === undefined ? 'started' : 'joined');
      const flight = existing ?? start(key, work);
      flight.waiters++;
      const { promise: left, reject } = Promise.withResolvers<never>();
      const leave = (): void => {
        flight.waiters--;
        if (flight.waiters === 0) {
          // A newcomer must not join what is being aborted.
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(waiter.reason);
        }
        reject(waiter.reason);
      };
      waiter.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([flight.result, left]);
      } finally {
        waiter.removeEventListener('abort', leave);
      }
    },
  };
}
