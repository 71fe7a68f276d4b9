import { MAX_LOOK_UP_REQUESTS, MAX_ROWS_BEHIND } from '../polls/look-ups.ts';

/** Codes for events that end although nothing is wrong with what was asked for. */
export type StreamEndCode =
  | 'SUBSCRIPTION_DRAINED'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'OVERLOADED'
  | 'RATE_LIMITED'
  | 'CURSOR_TOO_OLD';

/** The gateway ends a stream of events, or doesn't begin it; the message is for the client. */
export class StreamEndError extends Error {
  override readonly name = 'StreamEndError' as const;
  readonly code: StreamEndCode;
  /** When it may be tried again, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(code: StreamEndCode, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An error that ends a stream, with the cursor to go on from. */
export class StreamError extends Error {
  override readonly name = 'StreamError' as const;
  /** Undefined if nothing has been seen yet. */
  readonly cursor: string | undefined;

  /** @param cause what clients are told of */
  constructor(cause: unknown, cursor: string | undefined) {
    super('A stream of events has ended', { cause });
    this.cursor = cursor;
  }
}

export function drained(): StreamEndError {
  return new StreamEndError(
    'SUBSCRIPTION_DRAINED',
    'The gateway is about to end. Subscribe again, with `after` if there is a cursor: another one will go on.',
  );
}

/** @param why a sentence without its full stop */
export function tooManySubscriptions(why: string): StreamEndError {
  return new StreamEndError('TOO_MANY_SUBSCRIPTIONS', `${why}. End some of them, or try again later.`);
}

export function overloaded(): StreamEndError {
  return new StreamEndError(
    'OVERLOADED',
    'The gateway keeps too much for your subscriptions. End some of them, or send shorter documents and variables.',
  );
}

export function tooFarBehind(): StreamEndError {
  return new StreamEndError(
    'CURSOR_TOO_OLD',
    `More has changed since the last event than can be caught up with: more than ${MAX_ROWS_BEHIND} runs were created, or more than ${MAX_LOOK_UP_REQUESTS / 2} have ended. Subscribe again without \`after\`, and read the list once more.`,
  );
}

/** @param retryAfterMs Infinity if no waiting helps */
export function tooExpensive(retryAfterMs: number): StreamEndError {
  if (retryAfterMs === Infinity) {
    return new StreamEndError(
      'CURSOR_TOO_OLD',
      'More has changed since the last event than RATE_LIMIT allows to catch up with. Subscribe again without `after`, and read the list once more.',
    );
  }
  return new StreamEndError(
    'RATE_LIMITED',
    'To find out what has changed since the last event costs more than is left of RATE_LIMIT. Try again later.',
    retryAfterMs,
  );
}
