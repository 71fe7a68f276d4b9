/** UTC with exactly six fraction digits, so that timestamps sort as texts: how rows have them. */
const STORED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$/;
const SECOND = 1_000_000;

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

/** Formats microseconds since the epoch in the stored form. */
export function timestampOf(micros: number): string {
  const second = Math.floor(micros / SECOND);
  const text = new Date(second * 1000).toISOString().slice(0, 19);
  return `${text}.${String(micros - second * SECOND).padStart(6, '0')}Z`;
}

/** Returns the microseconds since the epoch of a timestamp. */
export function microsOf(timestamp: string): number {
  const stored = normalizeTimestamp(timestamp);
  return Date.parse(`${stored.slice(0, 19)}Z`) * 1000 + Number(stored.slice(20, 26));
}
