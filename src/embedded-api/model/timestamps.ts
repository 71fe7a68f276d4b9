/** UTC with exactly six fraction digits, so that text order is time order. */
const STORED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$/;

/**
 * RFC 3339 to the stored form. A missing zone means UTC; digits past the microsecond are dropped.
 * @throws RangeError for anything that is not a timestamp.
 */
export function normalizeTimestamp(text: string): string {
  if (STORED.test(text)) return text;
  const [, date, time, fraction = '', zone = 'Z'] = RFC_3339.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(millis)) throw new RangeError(`expected an RFC 3339 timestamp, but got: ${text}`);
  return `${new Date(millis).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** `created_at` on the wire: with `Z`, no fraction when it is zero, else exactly six digits. */
export function zonedStamp(stored: string): string {
  return stored.endsWith('.000000Z') ? `${stored.slice(0, 19)}Z` : stored;
}

/** `completed_at` and `callback_sent_at` on the wire: the columns have no zone, so there is no suffix. */
export function zonelessStamp(stored: string): string {
  return stored.slice(0, stored.endsWith('.000000Z') ? 19 : 26);
}

/** Nanoseconds since the epoch as digits: beyond 2^53, so never a number. */
export function epochNanoseconds(stored: string): string {
  return `${Date.parse(`${stored.slice(0, 19)}Z`) / 1000}${stored.slice(20, 26)}000`;
}
