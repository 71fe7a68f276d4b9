import type { Answer } from './exchange.ts';

/** The longest time that is passed on, in milliseconds: more than this, a timer of JavaScript doesn't take. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Returns the milliseconds after which to retry, by `Retry-After` (RFC 9110, section 10.2.3), a number of seconds or a
 * date. Undefined if there is none that is valid; 0 for a date in the past.
 *
 * @param now by the clock of this machine; the `Date` of the response, if it has one, is by that of the sender
 */
export function readRetryAfter(headers: Answer['headers'], now = Date.now()): number | undefined {
  const text = headerOf(headers, 'retry-after');
  const wait = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : readDate(text, NaN) - readDate(headerOf(headers, 'date'), now);
  return Number.isNaN(wait) ? undefined : Math.min(MAX_MS, Math.max(0, Math.ceil(wait)));
}

function headerOf(headers: Answer['headers'], name: string): string {
  return [headers[name]].flat()[0]?.trim() ?? '';
}

/** Without a zone, `Date.parse` takes what is no date of HTTP, such as `-1`, and reads it in that of this machine. */
function readDate(text: string, otherwise: number): number {
  const at = text.endsWith(' GMT') ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? otherwise : at;
}
