/** A date of HTTP in its usual form; the two obsolete ones are not worth guessing at. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * The seconds of a `Retry-After` header (RFC 9110, section 10.2.3), rounded up: a number of seconds
 * or a date. Undefined for a header that is missing or makes no sense; 0 for a date that is past.
 *
 * @param now milliseconds since 1970
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
