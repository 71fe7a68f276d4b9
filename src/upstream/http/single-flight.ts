/** One who waits for the result of a flight. */
interface Waiter<T> {
  readonly resolve: (result: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
  readonly leave: () => void;
}

interface Flight<T> {
  readonly waiters: Set<Waiter<T>>;
  readonly controller: AbortController;
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

  const land = (key: string, flight: Flight<T>, tell: (waiter: Waiter<T>) => void): void => {
    if (flights.get(key) === flight) flights.delete(key);
    for (const waiter of flight.waiters) {
      waiter.signal.removeEventListener('abort', waiter.leave);
      tell(waiter);
    }
  };

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const flight: Flight<T> = { waiters: new Set(), controller: new AbortController() };
    flights.set(key, flight);
    work(flight.controller.signal).then(
      (result) => land(key, flight, (waiter) => waiter.resolve(result)),
      (reason: unknown) => land(key, flight, (waiter) => waiter.reject(reason)),
    );
    return flight;
  };

  return {
    run(key, work, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const existing = flights.get(key);
      onCall?.(existing === undefined ? 'started' : 'joined');
      const flight = existing ?? start(key, work);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          flight.waiters.delete(waiter);
          reject(signal.reason);
          if (flight.waiters.size > 0) return;
          // A newcomer must not join what is being aborted.
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(signal.reason);
        };
        const waiter: Waiter<T> = { resolve, reject, signal, leave };
        flight.waiters.add(waiter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
