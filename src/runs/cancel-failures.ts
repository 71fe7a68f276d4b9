import type { UpstreamErrorCode } from '../errors/upstream-error.ts';

const failure = (description: string) => ({ description });

/** Why a run is not known to have been cancelled as asked, in words for the schema and for clients. */
export const CANCEL_FAILURES = {
  NOT_FOUND: failure('There is no run with this id that you can see. Nothing was sent to cancel it.'),
  ALREADY_ENDED: failure(
    'The run had ended before it could be cancelled, and was left as it was; see `status`, which is CANCELLED if an earlier request has cancelled it.',
  ),
  NOT_CANCELLED: failure(
    'The runs API answered as if all was well, but the run had not ended when it was read again.',
  ),
  OUTCOME_UNKNOWN: failure(
    'The runs API may have received the request, and then the run could not be read again: it may be cancelled or not.',
  ),
  UNAUTHENTICATED: failure('The runs API did not accept the credentials (401).'),
  FORBIDDEN: failure('The runs API does not allow it with these credentials (403).'),
  RATE_LIMITED: failure('The runs API received too many requests (429).'),
  UPSTREAM_REJECTED: failure('The runs API refused the request (another 4xx), or has no such endpoint.'),
  UPSTREAM_ERROR: failure('The runs API failed (500 or another 5xx).'),
  UPSTREAM_UNAVAILABLE: failure(
    'The connection to the runs API was refused or reset, a proxy answered for it (502 to 504), the circuit breaker was open, or the queue was full.',
  ),
  UPSTREAM_TIMEOUT: failure('The runs API did not answer in time. It may still cancel the run.'),
  UPSTREAM_INVALID_RESPONSE: failure('The runs API sent an invalid response, such as one that is not JSON.'),
} satisfies Readonly<
  Record<UpstreamErrorCode | 'NOT_FOUND' | 'ALREADY_ENDED' | 'NOT_CANCELLED' | 'OUTCOME_UNKNOWN', object>
>;

export type CancelFailureCode = keyof typeof CANCEL_FAILURES;
