/** What is read of the headers of a response. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The longest time that is passed on, in milliseconds: more than this, a timer of JavaScript doesn't take. */
const MAX_MS = 2 ** 31 - 1;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The three formats of a date (RFC 9110, section 5.6.7), of which the last two are obsolete. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[\d ]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/**
 * Returns the milliseconds after which to retry, by `retry-after-ms`, which Letta's clients read as well,
 * or `Retry-After` (RFC 9110, section 10.2.3), a number of seconds or a date. Undefined if there is
 * none that is valid; 0 for a date in the past.
 *
 * @param now milliseconds since the epoch; the `Date` of the response, if it has one, is taken instead,
 *   because a date is by the clock of the sender
 */
export function readRetryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const milliseconds = readNumber(headerOf(headers, 'retry-after-ms'));
  if (milliseconds !== undefined) return bounded(milliseconds);
  const text = headerOf(headers, 'retry-after');
  const seconds = readNumber(text);
  if (seconds !== undefined) return bounded(seconds * 1000);
  const at = readDate(text, now);
  return at === undefined ? undefined : bounded(at - (readDate(headerOf(headers, 'date'), now) ?? now));
}

/** Returns what `x-should-retry` says, which Letta's clients go by; undefined if nothing. */
export function readShouldRetry(headers: ResponseHeaders): boolean | undefined {
  const text = headerOf(headers, 'x-should-retry')?.toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0])?.trim();
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function bounded(milliseconds: number): number {
  return Math.min(MAX_MS, Math.max(0, Math.ceil(milliseconds)));
}

function readDate(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  for (const format of HTTP_DATES) {
    const { day = '', month = '', year = '', time = '' } = format.exec(text)?.groups ?? {};
    if (day === '' || !MONTHS.includes(month)) continue;
    const of = (fullYear: number): number => Date.parse(`${day.trim()} ${month} ${fullYear} ${time} GMT`);
    const at = of(year.length === 4 ? Number(year) : yearOf(Number(year), now));
    if (!Number.isNaN(at)) return at;
  }
  return undefined;
}

/** Two digits are those of the nearest such year that is at most 50 years ahead. */
function yearOf(digits: number, now: number): number {
  const last = new Date(now).getUTCFullYear() + 50;
  return last - ((((last - digits) % 100) + 100) % 100);
}
