import { answerBody } from '../../operations/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../../operations/operation-request.ts';
import { lengthOf } from '../server/http-answer.ts';
import { EVENT_STREAM } from './media-types.ts';

/** `no-transform` and the last one keep proxies from holding events back. */
export const EVENT_STREAM_HEADERS = {
  'content-type': EVENT_STREAM,
  vary: 'accept',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Milliseconds without an event after which a comment shows that the stream is alive. */
const HEARTBEAT_MS = 12_000;
/** Events of fewer bytes are sent in one piece; larger ones are not copied. */
const COPIED_BYTES = 16 * 1024;

const COMMENT = Buffer.from(':\n\n');
const NEXT = Buffer.from('event: next\ndata: ');
const END = Buffer.from('\n\n');
const COMPLETE = Buffer.from('event: complete\ndata:\n\n');

/**
 * Writes answers as server-sent events, in the distinct connections mode of GraphQL over SSE: `next` for
 * each, and `complete` at the end. A comment comes first, so that proxies pass the headers on.
 */
export async function* eventStream({ answers }: OperationStream): AsyncGenerator<Uint8Array, undefined> {
  yield COMMENT;
  try {
    for (;;) {
      const next = answers.next();
      yield* heartbeatsUntil(next);
      const { done, value } = await next;
      if (done === true) break;
      const event = eventOf(value);
      if (lengthOf(event) < COPIED_BYTES) yield Buffer.concat(event);
      else yield* event;
    }
  } finally {
    await answers.return?.();
  }
  yield COMPLETE;
}

/** The same for what has one answer. */
export function eventBody(answer: OperationAnswer): readonly Uint8Array[] {
  return [COMMENT, ...eventOf(answer), COMPLETE];
}

/** The JSON has no line breaks. */
function eventOf(answer: OperationAnswer): readonly Uint8Array[] {
  return [NEXT, ...answerBody(answer), END];
}

/**
 * Yields comments until a promise is settled. One callback waits for it, however long that takes: a promise
 * keeps all its callbacks until then, and a stream may be idle for days.
 */
async function* heartbeatsUntil(promise: Promise<unknown>): AsyncGenerator<Uint8Array, undefined> {
  const state = { isSettled: false, wake: (): void => undefined };
  const settle = (): void => {
    state.isSettled = true;
    state.wake();
  };
  void promise.then(settle, settle);
  for (;;) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      state.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (state.isSettled) state.wake();
    });
    if (state.isSettled) return;
    yield COMMENT;
  }
}
