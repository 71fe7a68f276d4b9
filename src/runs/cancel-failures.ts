import type { UpstreamErrorCode } from '../errors/upstream-error.ts';

interface CancelFailureKind {
  /** When it occurs, for the schema. */
  readonly description: string;
  /** What has happened, for the client. */
  readonly message: string;
}

/** Why a run is not known to have been cancelled as asked. The enum of the schema is made of this table. */
export const CANCEL_FAILURES = {
  NOT_FOUND: {
    description: 'There is no run with this id that you can see. Nothing was sent to cancel it.',
    message: 'There is no run with this id.',
  },
  ALREADY_ENDED: {
    description:
      'The run had ended before it could be cancelled, and was left as it was; see `status`, which is CANCELLED if an earlier request has cancelled it.',
    message: 'The run had ended before it could be cancelled.',
  },
  NOT_CANCELLED: {
    description:
      'The runs API answered as if all was well, but the run had not ended when it was read again.',
    message: 'The runs API did not cancel the run.',
  },
  OUTCOME_UNKNOWN: {
    description:
      'The runs API may have received the request, and then the run could not be read again: it may be cancelled or not.',
    message: 'The request was sent, but the run could not be read again.',
  },
  UNAUTHENTICATED: {
    description: 'The runs API did not accept the credentials (401).',
    message: 'The runs API did not accept the credentials.',
  },
  FORBIDDEN: {
    description: 'The runs API does not allow it with these credentials (403).',
    message: 'The runs API does not allow this with these credentials.',
  },
  RATE_LIMITED: {
    description: 'The runs API received too many requests (429).',
    message: 'The runs API received too many requests.',
  },
  UPSTREAM_REJECTED: {
    description: 'The runs API refused the request (another 4xx), or has no such endpoint.',
    message: 'The runs API rejected the request.',
  },
  UPSTREAM_ERROR: {
    description: 'The runs API failed (500 or another 5xx).',
    message: 'The runs API failed.',
  },
  UPSTREAM_UNAVAILABLE: {
    description:
      'The connection to the runs API was refused or reset, a proxy answered for it (502 to 504), the circuit breaker was open, or the queue was full.',
    message: 'The runs API is unavailable.',
  },
  UPSTREAM_TIMEOUT: {
    description: 'The runs API did not answer in time. It may still cancel the run.',
    message: 'The runs API did not respond in time.',
  },
  UPSTREAM_INVALID_RESPONSE: {
    description: 'The runs API sent an invalid response, such as one that is not JSON.',
    message: 'The runs API sent an invalid response.',
  },
} as const satisfies Readonly<
  Record<
    UpstreamErrorCode | 'NOT_FOUND' | 'ALREADY_ENDED' | 'NOT_CANCELLED' | 'OUTCOME_UNKNOWN',
    CancelFailureKind
  >
>;

export type CancelFailureCode = keyof typeof CANCEL_FAILURES;
