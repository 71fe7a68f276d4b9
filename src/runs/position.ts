import type { Run } from './run.ts';

/** The direction of a list; `desc` is newest first. */
export type RunOrder = 'asc' | 'desc';

/** What nearly every row carries; told apart first, since a page has a thousand of them. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d:\d\d))?$/;

/**
 * The instant of an RFC 3339 text as `YYYY-MM-DDTHH:MM:SS.ffffff` in UTC, so that two instants
 * compare as texts. Microseconds are all the upstream keeps; further digits are cut.
 *
 * A text without a zone is UTC: that is how the runs API means it. Returns null for anything that
 * is not a date and time.
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

/** Where a run stands in the upstream's total order: by creation, ties by id. */
export function positionOf({ createdInstant, id }: Run): { readonly createdAt: string; readonly id: string } {
  return { createdAt: createdInstant, id };
}
