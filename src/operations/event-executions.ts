import { LRUCache } from 'lru-cache';
import type { Execution } from '../engine/index.ts';
import { isTurnOver, nextTurn } from '../scheduling/next-turn.ts';
import type { ExecutionRequest, ExecutionScheduler } from './execution-scheduler.ts';

/** The bytes of the latest results, which further subscriptions get, and of a result besides its data, which is held twice. */
const MAX_BYTES = 8 * 1024 * 1024;
const RESULT_BYTES = 500;

/** Executes an event once for all subscriptions with the same key, unless it fails or began before one was opened. */
export function createExecuteEvent(scheduler: ExecutionScheduler) {
  const results = new LRUCache<string, Execution & { readonly startedAt: number }>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ data }) => RESULT_BYTES + 2 * (data?.length ?? 0),
  });
  const numbers = new WeakMap<object, number>();
  let lastNumber = 0;

  /** @param openedAt when the subscription was opened, in milliseconds of `performance.now` */
  return async ({ openedAt, ...request }: ExecutionRequest & { openedAt: number }): Promise<Execution> => {
    // The event of a run that is gone is null.
    const event = Object(request.event);
    const number = numbers.get(event) ?? ++lastNumber;
    numbers.set(event, number);
    const key = `event ${number} ${request.key}`;
    const findResult = (): Execution | undefined => {
      const result = results.get(key);
      return result !== undefined && result.startedAt >= openedAt ? result : undefined;
    };
    if (isTurnOver() || findResult() === undefined) await nextTurn();
    const known = findResult();
    if (known !== undefined) return known;
    let startedAt: number | undefined;
    const execution = await scheduler.run({
      ...request,
      key,
      createContext(signal, memory) {
        startedAt = performance.now();
        return request.createContext(signal, memory);
      },
    });
    if (startedAt !== undefined && execution.errors.length === 0) {
      results.set(key, { ...execution, startedAt });
    }
    // It may have ended for thousands of subscriptions at once.
    if (isTurnOver()) await nextTurn();
    return execution;
  };
}
