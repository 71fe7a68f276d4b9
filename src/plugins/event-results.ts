import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Events, Execution } from '../engine/index.ts';
import { textResult } from './result.ts';

export interface EventResultsOptions {
  readonly events: Events;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Charges an event to the caller, and executes its operation. What it rejects with ends the stream. */
  readonly execute: (event: unknown) => Promise<Execution>;
  readonly finish: (errors: readonly unknown[], isAlone: boolean) => readonly GraphQLError[];
  /** Called once. @param code of the error that it ends with, or `OK` */
  readonly onEnd: (code: string, reason: string) => void;
}

/**
 * The results of a subscription: one for each event, as fast as the client reads, and an error when it ends before its
 * time. Ends at once when the client disconnects.
 */
export function streamResults(options: EventResultsOptions): AsyncIterableIterator<ExecutionResult> {
  const { signal, execute, finish, onEnd } = options;
  const events = options.events[Symbol.asyncIterator]();
  let isOver = false;
  const end = (reason: string, code = 'OK'): { done: true; value: undefined } => {
    if (!isOver) {
      isOver = true;
      signal.removeEventListener('abort', leave);
      void events.return?.();
      onEnd(code, reason);
    }
    return { done: true, value: undefined };
  };
  const leave = () => end('The client disconnected or unsubscribed.');
  signal.addEventListener('abort', leave, { once: true });
  // It may have disconnected while the subscription was opened: perhaps nobody asks for a result.
  if (signal.aborted) leave();
  const nextResult = async (): Promise<IteratorResult<ExecutionResult>> => {
    const { done, value } = await events.next();
    if (done === true || isOver) return end('There are no more events.');
    const { data, errors } = await execute(value);
    return { done: false, value: textResult(data, finish(errors, data === undefined)) };
  };
  return {
    async next() {
      if (isOver) return leave();
      try {
        return await nextResult();
      } catch (error) {
        // oxlint-disable-next-line typescript/no-unnecessary-condition -- It may have ended while that was under way.
        if (isOver) return leave();
        const errors = finish([error], true);
        end(errors[0]?.message ?? '', String(errors[0]?.extensions['code']));
        return { done: false, value: { errors } };
      }
    },
    return: async () => leave(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
