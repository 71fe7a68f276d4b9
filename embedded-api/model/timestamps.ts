/** UTC with exactly six fraction digits, so that timestamps sort as strings. */
const STORED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$/;

/**
 * Converts an RFC 3339 timestamp to the stored form: in UTC if it has no zone, truncated to microseconds.
 * @throws RangeError for anything that is not a timestamp.
 */
export function normalizeTimestamp(text: string): string {
  if (STORED.test(text)) return text;
  const [, date, time, fraction = '', zone = 'Z'] = RFC_3339.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(millis)) throw new RangeError(`expected an RFC 3339 timestamp, but got: ${text}`);
  return `${new Date(millis).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** Formats a stored timestamp for the wire: with `Z`; without a fraction if it is zero, else with six digits. */
export function zonedStamp(stored: string): string {
  return stored.endsWith('.000000Z') ? `${stored.slice(0, 19)}Z` : stored;
}

/** The same, but without a zone, because some of Letta's columns have none. */
export function zonelessStamp(stored: string): string {
  return stored.slice(0, stored.endsWith('.000000Z') ? 19 : 26);
}

/** Returns the microseconds since the epoch of any timestamp. */
export function microsOf(timestamp: string): number {
  const stored = normalizeTimestamp(timestamp);
  return Date.parse(`${stored.slice(0, 19)}Z`) * 1000 + Number(stored.slice(20, 26));
}
