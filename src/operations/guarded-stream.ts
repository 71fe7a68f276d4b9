import type { ExecutionResult } from 'graphql';
import { nextTurn } from '../scheduling/next-turn.ts';
import { isWritten } from './text-result.ts';

const DONE = { done: true, value: undefined } as const;

/**
 * Guards a stream of a plugin: it fails at most once and has ended then, also if it throws synchronously or a result has no
 * JSON, and each result waits for a turn of the event loop.
 *
 * @param ready what the first result waits for
 * @param closingFailed receives what the stream throws when it is closed
 */
export function guardStream<Each>(
  source: AsyncIterable<Each>,
  ready: () => Promise<unknown>,
  closingFailed: (error: unknown) => void,
): AsyncIterableIterator<Each> {
  let iterator: AsyncIterator<Each> | undefined;
  let hasEnded = false;
  const open = (): AsyncIterator<Each> => (iterator ??= source[Symbol.asyncIterator]());
  const close = async (): Promise<typeof DONE> => {
    hasEnded = true;
    await Promise.try(() => open().return?.()).catch(closingFailed);
    return DONE;
  };
  return {
    async next() {
      if (hasEnded) return DONE;
      try {
        await Promise.all([ready(), nextTurn()]);
        const { done, value } = await open().next();
        // Throws here for what has no JSON: Yoga's event stream would let the error end the process.
        const result: ExecutionResult = Object(value);
        JSON.stringify(isWritten(result) ? [result.errors, result.extensions] : value);
        return done === true ? DONE : { done: false, value };
      } catch (error) {
        void close();
        throw error;
      }
    },
    return: close,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
