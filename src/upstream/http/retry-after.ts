import type { HttpResponse } from './exchange.ts';

/** The longest time to wait, in milliseconds: beyond it, it may be a mistake that nothing else would end. */
const MAX_WAIT_MS = 7_200_000;

/**
 * Returns the milliseconds after which to retry, by `Retry-After` (RFC 9110, section 10.2.3), a number of seconds or a
 * date. Undefined if there is none that is valid; 0 for a date in the past.
 */
export function readRetryAfter(headers: HttpResponse['headers']): number | undefined {
  const text = [headers['retry-after']].flat()[0]?.trim() ?? '';
  const wait = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(wait)));
}
