import { UpstreamError } from '../../runs/errors.ts';

export interface SlotsOptions {
  /** Tasks that run at once. */
  readonly capacity: number;
  /** Tasks that may wait for a place; one more is refused at once. */
  readonly queueCapacity: number;
  /** Told whenever a task starts, ends or begins to wait. */
  readonly onLoad?: (inFlight: number, waiting: number) => void;
}

/** A bound on the requests in flight to one upstream, with a short queue, first come first served. */
export interface Slots {
  /**
   * Runs the task when there is a place for it. Whoever leaves while waiting, leaves the queue.
   *
   * @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once when the queue is full
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots({ capacity, queueCapacity, onLoad }: SlotsOptions): Slots {
  let inFlight = 0;
  const waiting = new Set<() => void>();
  const report = (): void => onLoad?.(inFlight, waiting.size);

  /** Undefined where there is a place at once. */
  const enter = (signal: AbortSignal): Promise<void> | undefined => {
    signal.throwIfAborted();
    if (inFlight < capacity) {
      inFlight++;
      report();
      return undefined;
    }
    if (waiting.size >= queueCapacity) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `${capacity} requests in flight, ${queueCapacity} waiting`,
        {
          retryAfterSeconds: 1,
          retry: 'never',
        },
      );
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.delete(start);
        report();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(start);
      report();
    });
  };

  /** The place goes to whoever has waited longest, if anybody has. */
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      inFlight--;
    } else {
      waiting.delete(next);
      next();
    }
    report();
  };

  return {
    async run(task, signal) {
      const entered = enter(signal);
      if (entered !== undefined) await entered;
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
