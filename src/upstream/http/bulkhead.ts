import { UpstreamError } from '../../runs/errors.ts';

export interface BulkheadOptions {
  /** Permits: tasks that run at once. */
  readonly permits: number;
  /** Tasks that may wait for a permit; one more is refused at once. */
  readonly queueCapacity: number;
  /** Told whenever a task starts, ends or begins to wait. */
  readonly onLoad?: (inFlight: number, waiting: number) => void;
}

/** A bound on the requests in flight to one upstream, with a short queue, first come first served. */
export interface Bulkhead {
  /**
   * Runs the task when there is a permit for it. A task that is aborted while it waits leaves the queue.
   *
   * @throws UpstreamError `UPSTREAM_UNAVAILABLE` at once when the queue is full
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createBulkhead({ permits, queueCapacity, onLoad }: BulkheadOptions): Bulkhead {
  let inFlight = 0;
  const waiting = new Set<() => void>();
  const report = (): void => onLoad?.(inFlight, waiting.size);

  /** Undefined where there is a permit at once. */
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

  /** The permit goes to whoever has waited longest, if anybody has. */
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
