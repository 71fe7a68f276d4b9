import { UpstreamError } from '../../errors/upstream-error.ts';
import { decodeRefusals } from '../../wire/decode-refusals.ts';
import type { Answer } from './exchange.ts';
import { policyOfStatus } from './policies.ts';
import { redact } from './redact.ts';
import { readRetryAfter } from './retry-after.ts';

/** Characters of an error body that are logged. */
const MAX_TEXT = 500;
/** Bytes of an error body that are searched for refused parameters. */
const MAX_REFUSAL = 64 * 1024;

/**
 * Makes an error of an answer with a status other than 200 and 404.
 *
 * @param name of the request, for the log
 * @param credentials are removed from what the log gets
 */
export function statusError(name: string, answer: Answer, credentials: readonly string[]): UpstreamError {
  const { status, headers, body } = answer;
  const [code, retry] = policyOfStatus(status);
  // Redacted before it is cut, so that no part of a secret is left at the end.
  const text = redact(body.subarray(0, 8 * MAX_TEXT).toString(), credentials).slice(0, MAX_TEXT);
  const isRefusal = status === 400 || status === 422;
  return new UpstreamError(code, `${name} answered ${status}: ${text}`, {
    status,
    retry,
    retryAfterMs: readRetryAfter(headers),
    refusedParameters: isRefusal ? decodeRefusals(body.subarray(0, MAX_REFUSAL).toString()) : [],
  });
}
