/** The form of nearly all instants, which is checked first: a fast path for pages of a thousand rows. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
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
  if (CANONICAL.test(text) && !text.endsWith('.000000Z')) return text;
  const [, date = '', time = '', fraction = '', , offset = 'Z'] = RFC3339.exec(text) ?? [];
  const digits = fraction.slice(0, 9);
  return `${date}T${time}${/[1-9]/.test(digits) ? `.${digits}` : ''}${offset}`;
}
