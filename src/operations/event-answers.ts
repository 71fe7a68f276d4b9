import type { Events, Execution } from '../engine/index.ts';
import { failedAnswer, type Mask, withinBytes } from './failed-answer.ts';
import type { OperationAnswer } from './operation-request.ts';

export interface EventAnswersOptions {
  readonly events: Events;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Charges an event to the caller, and executes its operation. What it rejects with ends the stream. */
  readonly execute: (event: unknown) => Promise<Execution>;
  readonly maskOfEvent: () => Mask;
  /** Called once. @param code of the error that it ends with, or `OK` */
  readonly onEnd: (code: string, reason: string) => void;
}

/**
 * Answers a subscription: once for each event, as fast as the client reads, and with an error when it
 * ends before its time. Ends at once when the client disconnects.
 */
export function answerEvents(options: EventAnswersOptions): AsyncIterableIterator<OperationAnswer> {
  const { signal, execute, maskOfEvent, onEnd } = options;
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
  // It may have disconnected while the subscription was opened: perhaps nobody asks for an answer.
  if (signal.aborted) leave();
  const last = (answer: OperationAnswer): IteratorResult<OperationAnswer> => {
    const [error] = answer.errors;
    end(error?.message ?? '', String(error?.extensions['code']));
    return { done: false, value: answer };
  };
  const answerNext = async (): Promise<IteratorResult<OperationAnswer>> => {
    const { done, value } = await events.next();
    if (done === true || isOver) return end('There are no more events.');
    const { data, errors } = await execute(value);
    const mask = maskOfEvent();
    const masked = errors.map(mask);
    return { done: false, value: { data, errors: withinBytes(masked, mask) } };
  };
  return {
    async next() {
      if (isOver) return leave();
      try {
        return await answerNext();
      } catch (error) {
        // oxlint-disable-next-line typescript/no-unnecessary-condition -- It may have ended while that was under way.
        if (isOver) return leave();
        return last(failedAnswer([error], maskOfEvent()));
      }
    },
    return: async () => leave(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
