import { answerBody } from '../../graphql/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../../graphql/operation-request.ts';
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

/** Events of fewer bytes are sent in one piece. */
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
  yield* streamed(answers);
  yield COMPLETE;
}

/** The same for what has one answer. */
export function eventBody(answer: OperationAnswer): readonly Uint8Array[] {
  return [COMMENT, NEXT, ...answerBody(answer), END, COMPLETE];
}

async function* streamed(
  answers: AsyncIterableIterator<OperationAnswer>,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for (;;) {
      const next = answers.next();
      yield* heartbeatsUntil(next);
      const { done, value } = await next;
      if (done === true) return;
      yield* eventOf(value);
    }
  } finally {
    await answers.return?.();
  }
}

/**
 * Yields comments until a promise is settled. One callback waits for it, however long that takes: a promise
 * keeps all its callbacks until then, and a stream may be idle for days.
 */
async function* heartbeatsUntil(promise: Promise<unknown>): AsyncGenerator<Uint8Array, undefined> {
  let beat = Promise.withResolvers<void>();
  const answer = { isThere: false };
  const onSettled = (): void => {
    answer.isThere = true;
    beat.resolve();
  };
  void promise.then(onSettled, onSettled);
  for (;;) {
    const timer = setTimeout(() => beat.resolve(), HEARTBEAT_MS);
    await beat.promise;
    clearTimeout(timer);
    if (answer.isThere) return;
    beat = Promise.withResolvers();
    yield COMMENT;
  }
}

/** The JSON has no line breaks. Large answers are not copied. */
function* eventOf(answer: OperationAnswer): Generator<Uint8Array, undefined> {
  const parts = [NEXT, ...answerBody(answer), END];
  if (lengthOf(parts) < COPIED_BYTES) yield Buffer.concat(parts);
  else yield* parts;
}
