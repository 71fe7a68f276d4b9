import { LRUCache } from 'lru-cache';
import type { Execution } from '../engine/index.ts';
import type { ExecutionRequest, ExecutionScheduler } from './execution-scheduler.ts';

/** Bytes of the results that are kept for further subscriptions, and of a result besides its data. */
const MAX_BYTES = 8 * 1024 * 1024;
const RESULT_BYTES = 500;

/** Executes an event once for all subscriptions with the same key, unless it fails, or began before one was opened. */
export function createExecuteEvent(scheduler: ExecutionScheduler) {
  // Bounded, since a thousand subscriptions of a caller may each ask for another large result of the same event.
  const results = new LRUCache<string, Execution & { readonly startedAt: number }>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ data }) => RESULT_BYTES + (data?.length ?? 0),
  });
  /** Numbers of events, as parts of keys. */
  const numbers = new WeakMap<object, number>();
  let lastNumber = 0;

  /** @param openedAt when the subscription was opened, in milliseconds of `performance.now` */
  return async ({ openedAt, ...request }: ExecutionRequest & { openedAt: number }): Promise<Execution> => {
    // The event of a run that is gone is null.
    const event = Object(request.event);
    const number = numbers.get(event) ?? ++lastNumber;
    numbers.set(event, number);
    const key = `event ${number} ${request.key}`;
    const known = results.get(key);
    if (known !== undefined && known.startedAt >= openedAt) return known;
    let startedAt: number | undefined;
    const execution = await scheduler.run({
      ...request,
      key,
      createContext(signal, memory) {
        startedAt = performance.now();
        return request.createContext(signal, memory);
      },
    });
    if (startedAt !== undefined && execution.errors.length === 0)
      results.set(key, { ...execution, startedAt });
    return execution;
  };
}
