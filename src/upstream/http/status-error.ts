import { UpstreamError, type UpstreamErrorCode } from '../../errors/upstream-error.ts';
import { decodeRefusals } from '../../wire/decode-refusals.ts';
import type { Answer } from './exchange.ts';
import { redact } from './redact.ts';
import { readRetryAfter, readShouldRetry } from './retry-after.ts';

/** Characters of an error body that are logged. */
const MAX_TEXT = 500;
/** Characters of an error body that are searched for refused parameters. */
const MAX_REFUSAL = 64 * 1024;

/**
 * Makes an error of an answer with a status other than 200 and 404.
 *
 * @param name of the request, for the log
 * @param credentials are removed from what the log gets
 */
export function statusError(name: string, answer: Answer, credentials: readonly string[]): UpstreamError {
  const { status, headers, body } = answer;
  const retryAfterMs = readRetryAfter(headers, Date.now());
  const shouldRetry = readShouldRetry(headers);
  // Redacted before it is cut, so that no part of a secret is left at the end.
  const text = redact(body.subarray(0, 8 * MAX_TEXT).toString(), credentials).slice(0, MAX_TEXT);
  return new UpstreamError(codeOfStatus(status), `${name} answered ${status}: ${text}`, {
    status,
    retryAfterMs,
    retry: shouldRetry === undefined ? retryOfStatus(status) : shouldRetry ? 'always' : 'never',
    ...(isRefusal(status) && {
      refusedParameters: decodeRefusals(body.subarray(0, MAX_REFUSAL).toString()),
    }),
  });
}

function isRefusal(status: number): boolean {
  return status === 400 || status === 422;
}

function codeOfStatus(status: number): UpstreamErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 502 && status <= 504) return 'UPSTREAM_UNAVAILABLE';
  if (status >= 500) return 'UPSTREAM_ERROR';
  if (status >= 400) return 'UPSTREAM_REJECTED';
  // Redirects included: requests use canonical URLs, so a redirect would lead elsewhere.
  return 'UPSTREAM_INVALID_RESPONSE';
}

/** The API answers 500 while its database is down; 520 to 526 come from a Cloudflare proxy in front of it. */
function retryOfStatus(status: number): 'always' | 'if-retry-after' | 'never' {
  if (status === 408 || status === 500 || (status >= 502 && status <= 504)) return 'always';
  if (status >= 520 && status <= 526) return 'always';
  return status === 409 || status === 429 ? 'if-retry-after' : 'never';
}
