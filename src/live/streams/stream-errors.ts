import { GatewayError, retryAfter } from '../../errors/gateway-error.ts';
import { MAX_NAMED, MAX_ROWS_BEHIND } from '../limits.ts';

/** An error that ends a stream, with the cursor to go on from. */
export class StreamError extends Error {
  override readonly name = 'StreamError' as const;
  /** Undefined if nothing has been received yet. */
  readonly cursor: string | undefined;

  /** @param cause what clients are shown */
  constructor(cause: unknown, cursor: string | undefined) {
    super('A stream of events has ended', { cause });
    this.cursor = cursor;
  }
}

/** @param retryAfterMs for a refused subscription, which another replica will accept */
export function drained(retryAfterMs?: number): GatewayError {
  return new GatewayError(
    'SUBSCRIPTION_DRAINED',
    'The gateway is stopping. Subscribe again, with `after` if there is a cursor: another replica continues from there.',
    retryAfter(retryAfterMs),
  );
}

/** @param why a sentence without its full stop */
export function tooManySubscriptions(why: string): GatewayError {
  return new GatewayError('TOO_MANY_SUBSCRIPTIONS', `${why}. End some of them first.`);
}

/** Returns the error for a reader to whom not all changes since its cursor can be sent. */
export function tooFarBehind(): GatewayError {
  return new GatewayError(
    'CURSOR_TOO_OLD',
    `Too much has changed since the last event: more than ${MAX_ROWS_BEHIND} runs were created, or one has changed that is not among the ${MAX_NAMED} for which a cursor has room: those that have just ended, then the newest active ones. Subscribe again without \`after\`, and read the list again.`,
  );
}
