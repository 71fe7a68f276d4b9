import { UpstreamError } from '../../errors/upstream-error.ts';
import { decodeRefusals, lacksRoute } from '../decode-refusals.ts';
import type { HttpAnswer } from './exchange.ts';
import { policyOfStatus } from './failure-policies.ts';

/** Bytes of an error body that are read. */
const MAX_TEXT = 4000;
const MAX_REFUSAL = 64 * 1024;
/** The longest time to wait, in milliseconds: beyond it, it may be a mistake that nothing else would end. */
const MAX_WAIT_MS = 7_200_000;

/** Returns the error of an answer with a status other than 200. */
export function statusError({ status, headers, body }: HttpAnswer): UpstreamError {
  const [code, retry] = policyOfStatus(status);
  const isRefusal = status === 400 || status === 422;
  const text = body.subarray(0, MAX_TEXT).toString();
  return new UpstreamError(code, `answered ${status}: ${text}`, {
    status,
    retry,
    retryAfterMs: readRetryAfter(headers),
    lacksRoute: status === 404 && lacksRoute(text),
    refusedParameters: isRefusal ? decodeRefusals(body.subarray(0, MAX_REFUSAL).toString()) : [],
  });
}

/**
 * Returns the milliseconds after which to retry, by `Retry-After` (RFC 9110, section 10.2.3), a number of seconds or a
 * date, which is by the clock that `Date` shows. Undefined if there is none that is valid; 0 for a date in the past.
 */
export function readRetryAfter(headers: HttpAnswer['headers']): number | undefined {
  const text = headerOf(headers, 'retry-after');
  const wait = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : readDate(text, NaN) - readDate(headerOf(headers, 'date'), Date.now());
  return Number.isNaN(wait) ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(wait)));
}

function headerOf(headers: HttpAnswer['headers'], name: string): string {
  return [headers[name]].flat()[0]?.trim() ?? '';
}

/** Reads a date of HTTP: `Date.parse` alone takes other texts too, such as `-1`, in the local time zone. */
function readDate(text: string, otherwise: number): number {
  const at = text.endsWith(' GMT') ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? otherwise : at;
}
