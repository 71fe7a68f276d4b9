import {
  UpstreamError,
  type UpstreamErrorCode,
  type UpstreamErrorDetails,
} from '../../errors/upstream-error.ts';

/** The code of a failure, and whether a GET is sent again after it. A `Retry-After` is waited for in any case. */
type Policy = readonly [code: UpstreamErrorCode, retry: 'always' | 'if-retry-after' | 'never'];

/** Responses by status; the first row that fits is used. */
const STATUSES: readonly (readonly [from: number, to: number, ...policy: Policy])[] = [
  [401, 401, 'UNAUTHENTICATED', 'never'],
  [403, 403, 'FORBIDDEN', 'never'],
  [408, 408, 'UPSTREAM_REJECTED', 'always'],
  [409, 409, 'UPSTREAM_REJECTED', 'if-retry-after'],
  [429, 429, 'RATE_LIMITED', 'if-retry-after'],
  [400, 499, 'UPSTREAM_REJECTED', 'never'],
  // The API answers so while its database is down.
  [500, 500, 'UPSTREAM_ERROR', 'always'],
  [502, 504, 'UPSTREAM_UNAVAILABLE', 'always'],
  // From a Cloudflare proxy in front of the API.
  [520, 526, 'UPSTREAM_ERROR', 'always'],
  [500, 999, 'UPSTREAM_ERROR', 'never'],
];

/** Failures without a response of the API. */
const FAILURES = {
  connection: ['UPSTREAM_UNAVAILABLE', 'always'],
  stalledBody: ['UPSTREAM_TIMEOUT', 'always'],
  deadline: ['UPSTREAM_TIMEOUT', 'never'],
  // Redirects included: requests use canonical URLs, so a redirect would lead elsewhere.
  otherStatus: ['UPSTREAM_INVALID_RESPONSE', 'never'],
  notHttp: ['UPSTREAM_INVALID_RESPONSE', 'never'],
  notJson: ['UPSTREAM_INVALID_RESPONSE', 'never'],
  encoded: ['UPSTREAM_INVALID_RESPONSE', 'never'],
  tooLarge: ['UPSTREAM_INVALID_RESPONSE', 'never'],
  // The request was not sent.
  addressTooLong: ['UPSTREAM_REJECTED', 'never'],
  breakerOpen: ['UPSTREAM_UNAVAILABLE', 'never'],
  queueFull: ['UPSTREAM_UNAVAILABLE', 'never'],
  heldBack: ['RATE_LIMITED', 'if-retry-after'],
} satisfies Record<string, Policy>;

/** The codes that count as failures for the breaker. With any other code, the upstream is up, and has refused a request. */
const OUTAGES: readonly string[] = ['UPSTREAM_ERROR', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'];

/** Returns the error of a failure without a response of the API, with its policy. */
export function failure(
  reason: keyof typeof FAILURES,
  message: string,
  more: UpstreamErrorDetails = {},
): UpstreamError {
  const [code, retry] = FAILURES[reason];
  return new UpstreamError(code, message, { retry, ...more });
}

/** Returns the policy of the first row of `STATUSES` that has the status. */
export function policyOfStatus(status: number): Policy {
  const found = STATUSES.find(([from, to]) => from <= status && status <= to);
  return found === undefined ? FAILURES.otherStatus : [found[2], found[3]];
}

/** What the outcome of an attempt says about the upstream. */
export type Outcome = 'up' | 'down' | 'inconclusive';

/** @param wasPatient whether the request had long enough for a timeout to count */
export function breakerOutcomeOf(error: unknown, wasPatient: boolean): Outcome {
  if (!(error instanceof UpstreamError)) return 'inconclusive';
  if (error.code === 'UPSTREAM_TIMEOUT' && !wasPatient) return 'inconclusive';
  return OUTAGES.includes(error.code) ? 'down' : 'up';
}
