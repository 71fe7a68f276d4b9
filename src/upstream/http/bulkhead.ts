import { UpstreamError } from '../../runs/errors.ts';

export interface BulkheadOptions {
  /** The number of tasks that may run at once. */
  readonly permits: number;
  /** The number of tasks that may wait for a permit; further ones are rejected at once. */
  readonly queueCapacity: number;
  /** Called whenever a task starts, ends, or starts or stops waiting. */
  readonly onLoad?: (inFlight: number, waiting: number) => void;
}

/** Limits the requests in flight to one upstream, with a bounded FIFO queue. */
export interface Bulkhead {
  /**
   * Runs the task once a permit is available. A task that is aborted while waiting leaves the queue.
   *
   * @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once when the queue is full
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createBulkhead({ permits, queueCapacity, onLoad }: BulkheadOptions): Bulkhead {
  let inFlight = 0;
  const waiting = new Set<() => void>();
  const report = (): void => onLoad?.(inFlight, waiting.size);

  /** Returns undefined if a permit is available at once. */
  const acquire = (signal: AbortSignal): Promise<void> | undefined => {
    signal.throwIfAborted();
    if (inFlight < permits) {
      inFlight++;
      report();
      return undefined;
    }
    if (waiting.size >= queueCapacity) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `${permits} requests in flight, ${queueCapacity} waiting`,
        { retryAfterSeconds: 1, retry: 'never' },
      );
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        waiting.delete(start);
        report();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(start);
      report();
    });
  };

  /** Passes the permit to the task that has waited longest, if any. */
  const release = (): void => {
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
      const acquired = acquire(signal);
      if (acquired !== undefined) await acquired;
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
