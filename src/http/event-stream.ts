import { answerBody } from '../graphql/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../graphql/operation-request.ts';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/** `no-transform` and the last one keep proxies from holding events back. */
export const EVENT_STREAM_HEADERS = {
  'content-type': EVENT_STREAM,
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * Whether a client takes events if it subscribes: it names their type, although it may prefer another one
 * for what has one answer.
 */
export function acceptsEvents(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === EVENT_STREAM && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** Milliseconds without an event after which a comment shows that the stream is alive. */
const HEARTBEAT_MS = 12_000;

const COMMENT = Buffer.from(':\n\n');
const NEXT = Buffer.from('event: next\ndata: ');
const END = Buffer.from('\n\n');
const COMPLETE = Buffer.from('event: complete\ndata:\n\n');

/**
 * Writes answers as server-sent events, in the distinct connections mode of GraphQL over SSE: `next` for
 * each, and `complete` at the end. A comment comes first, so that proxies pass the headers on.
 */
export async function* eventStream(
  answer: OperationAnswer | OperationStream,
): AsyncGenerator<Uint8Array, undefined> {
  yield COMMENT;
  if ('answers' in answer) yield* streamed(answer.answers);
  else yield eventOf(answer);
  yield COMPLETE;
}

async function* streamed(
  answers: AsyncIterableIterator<OperationAnswer>,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for (;;) {
      const next = answers.next();
      // Never fails: a stream ends with an answer.
      while (!(await isWithin(next, HEARTBEAT_MS))) yield COMMENT;
      const { done, value } = await next;
      if (done === true) return;
      yield eventOf(value);
    }
  } finally {
    await answers.return?.();
  }
}

/** The JSON has no line breaks. */
function eventOf(answer: OperationAnswer): Uint8Array {
  return Buffer.concat([NEXT, ...answerBody(answer), END]);
}

/** Whether a promise is settled after some time. */
async function isWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<false>();
  const timeout = setTimeout(() => timer.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), timer.promise]);
  } finally {
    clearTimeout(timeout);
  }
}
