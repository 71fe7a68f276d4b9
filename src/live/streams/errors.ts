import { GatewayError, retryAfter } from '../../errors/gateway-error.ts';
import { MAX_LOOK_UP_REQUESTS, MAX_ROWS_BEHIND } from '../polls/look-ups.ts';

/** An error that ends a stream, with the cursor to go on from. */
export class StreamError extends Error {
  override readonly name = 'StreamError' as const;
  /** Undefined if nothing has been seen yet. */
  readonly cursor: string | undefined;

  /** @param cause what clients are shown */
  constructor(cause: unknown, cursor: string | undefined) {
    super('A stream of events has ended', { cause });
    this.cursor = cursor;
  }
}

/** @param retryAfterMs for what is refused, which another one will take when this one has ended */
export function drained(retryAfterMs?: number): GatewayError {
  return new GatewayError(
    'SUBSCRIPTION_DRAINED',
    'The gateway is stopping. Subscribe again, with `after` if there is a cursor: another replica continues from there.',
    retryAfter(retryAfterMs),
  );
}

/** @param why a sentence without its full stop */
export function tooManySubscriptions(why: string): GatewayError {
  return new GatewayError('TOO_MANY_SUBSCRIPTIONS', `${why}. End some of them, or try again later.`);
}

export function tooFarBehind(): GatewayError {
  return new GatewayError(
    'CURSOR_TOO_OLD',
    `Too much has changed since the last event: more than ${MAX_ROWS_BEHIND} runs were created, or more than ${MAX_LOOK_UP_REQUESTS / 2} have ended. Subscribe again without \`after\`, and read the list again.`,
  );
}

/** @param retryAfterMs Infinity if no waiting helps */
export function tooExpensive(retryAfterMs: number): GatewayError {
  if (retryAfterMs === Infinity) {
    return new GatewayError(
      'CURSOR_TOO_OLD',
      'More has changed since the last event than RATE_LIMIT allows to catch up with. Subscribe again without `after`, and read the list once more.',
    );
  }
  return new GatewayError(
    'RATE_LIMITED',
    'To find out what has changed since the last event costs more than is left of RATE_LIMIT. Try again later.',
    retryAfter(retryAfterMs),
  );
}
