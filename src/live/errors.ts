/** Codes for events that end although nothing is wrong with what was asked for. */
export type StreamEndCode =
  | 'SUBSCRIPTION_DRAINED'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'OVERLOADED'
  | 'CURSOR_TOO_OLD';

/** The gateway ends a stream of events, or doesn't begin it; the message is for the client. */
export class StreamEndError extends Error {
  override readonly name = 'StreamEndError' as const;
  readonly code: StreamEndCode;

  constructor(code: StreamEndCode, message: string) {
    super(message);
    this.code = code;
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
