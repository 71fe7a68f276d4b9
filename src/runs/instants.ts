import { EARLIEST, instantOfMicros, LATEST, microsOf } from '../lists/time-bounds.ts';

/** The form of nearly all instants, which is checked first: a fast path for pages of a thousand rows. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z?$/;
const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d:\d\d))?$/;

/**
 * Converts an RFC 3339 date and time to `YYYY-MM-DDTHH:MM:SS.ffffff` in UTC, cut to microseconds, so that instants compare
 * as strings. Without a zone it is UTC, as the runs API intends. Null for anything else.
 */
export function instantOf(text: string): string | null {
  if (CANONICAL.test(text)) return text.slice(0, 26);
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, date = '', time = '', fraction = '', , offset] = match;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const whole = new Date(`${date}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(whole.getTime())) return null;
  return `${whole.toISOString().slice(0, 19)}.${micros}`;
}

/**
 * Writes an RFC 3339 date and time as `DateTime` has it: one without a zone is UTC; its fraction has at
 * most nine digits, and is left out if they are zero.
 */
export function dateTimeOf(text: string): string {
  if (CANONICAL.test(text) && text.endsWith('Z') && !text.endsWith('.000000Z')) return text;
  const [, date = '', time = '', fraction = '', , offset = 'Z'] = RFC3339.exec(text) ?? [];
  const digits = fraction.slice(0, 9);
  return `${date}T${time}${/[1-9]/.test(digits) ? `.${digits}` : ''}${offset}`;
}

/** A date, or a date and time with a zone, as clients write bounds of time. */
const DATE = /^\d{4}-\d\d-\d\d$/;
const BOUND =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MICROS_PER_MINUTE = 60_000_000n;

/**
 * Reads a date, the start of its day in UTC, or an RFC 3339 date and time with a zone, in the format of `instantOf`. It is
 * rounded up to a whole microsecond, as runs have: the same runs lie on each side of it. Null for anything else.
 */
export function readBoundInstant(text: string): string | null {
  const match = BOUND.exec(DATE.test(text) ? `${text}T00:00:00Z` : text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours = '0', minutes = '0'] = match;
  const date = `${year}-${month}-${day}`;
  const whole = `${date}T${hour}:${minute}:${second}.${fraction.slice(0, 6).padEnd(6, '0')}`;
  const midnight = new Date(`${date}T00:00:00Z`);
  // V8 reads February 30 as a day of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return null;
  const offset = (BigInt(hours) * 60n + BigInt(minutes)) * MICROS_PER_MINUTE;
  const isBetween = /[1-9]/.test(fraction.slice(6));
  const micros = microsOf(whole) - (sign === '-' ? -offset : offset) + (isBetween ? 1n : 0n);
  return micros < EARLIEST || micros > LATEST ? null : instantOfMicros(micros);
}
