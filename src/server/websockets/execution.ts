import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import { type Finish, finishResult } from '../../plugins/errors.ts';
import { isWritten } from '../../plugins/result.ts';
import type { SocketOperation } from './operations.ts';

/** Executes an operation. What is thrown is its result: otherwise its connection would be closed, with all others. */
export async function executeSafely(args: ExecutionArgs, how: 'execute' | 'subscribe', finish: Finish) {
  const { contextValue, [how]: run } = operationOf(args);
  const failed = (error: unknown): ExecutionResult => ({ errors: finish([error], contextValue, true) });
  const finished = (result: ExecutionResult): ExecutionResult => {
    try {
      const last = finishResult(result, contextValue, finish);
      // What a plugin has put there may be no JSON.
      JSON.stringify(isWritten(last) ? last.extensions : last);
      return last;
    } catch (error) {
      return failed(error);
    }
  };
  try {
    const result = await run(args);
    return isAsyncIterable<ExecutionResult>(result)
      ? guardEnd(mapAsyncIterator(result, finished, failed), failed)
      : finished(result);
  } catch (error) {
    return failed(error);
  }
}

/** Returns what `onSubscribe` has made. */
export function operationOf(args: ExecutionArgs): SocketOperation {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The library passes it on as it is.
  return args as SocketOperation;
}

/** What the library ends when a client completes an operation that has no events yet; of itself, it would let it go on. */
export function ending(operation: AbortController): AsyncGenerator<ExecutionResult> {
  return Object.assign((async function* () {})(), {
    async return() {
      operation.abort();
      return { done: true as const, value: undefined };
    },
  });
}

/** What a plugin throws when its events end would end the process: the library waits for it, and catches nothing. */
function guardEnd(
  events: AsyncIterableIterator<ExecutionResult>,
  failed: (error: unknown) => unknown,
): AsyncIterableIterator<ExecutionResult> {
  const end = events.return?.bind(events);
  return Object.assign(events, {
    async return() {
      await Promise.try(() => end?.()).catch(failed);
      return { done: true as const, value: undefined };
    },
  });
}
