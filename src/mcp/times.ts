import * as z from 'zod';
import { instantOfLocal, readTimeZone } from '../runs/periods.ts';

const UNITS_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const INSTANT = /^(?:(?<count>\d{1,4})(?<unit>[wdhms])|\d{4}-\S{1,50})$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** How long ago an instant was, or what looks like one, which the argument of GraphQL reads. */
export const instant = z.string().regex(INSTANT, {
  error: 'expected a time ago, such as 30m, 24h or 7d, or a date or time, such as 2026-01-31T09:30:00Z',
});

export const timezone = z
  .string()
  .max(100)
  .refine((name) => readTimeZone(name) !== undefined, {
    error: 'expected a time zone, such as Europe/Berlin or +05:30',
  })
  .default('UTC');

interface Period {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly timezone: string;
}

/** Returns the ends of a period in RFC 3339, or as they are if they are none. @param now milliseconds since 1970 */
export function periodOf({ since, until, timezone: zone }: Period, now: number) {
  return { since: instantOf(since, now, zone), until: instantOf(until, now, zone) };
}

/** Refuses a period that ends before it begins. */
export function checkPeriod({ value, issues }: z.core.ParsePayload<Period>): void {
  const { since = '', until = '' } = periodOf(value, Date.now());
  if (!(Date.parse(since) >= Date.parse(until))) return;
  const message = `expected since before until, not ${since} and ${until}`;
  issues.push({ code: 'custom', message, input: value });
}

function instantOf(text: string | undefined, now: number, zone: string): string | undefined {
  const { count, unit } = INSTANT.exec(text ?? '')?.groups ?? {};
  const length = Object.entries(UNITS_MS).find(([each]) => each === unit)?.[1];
  if (length !== undefined) return new Date(now - Number(count) * length).toISOString();
  const day = DATE.test(text ?? '') ? Date.parse(`${text}`) : Number.NaN;
  const offsetAt = readTimeZone(zone);
  return Number.isNaN(day) || offsetAt === undefined
    ? text
    : new Date(instantOfLocal(day, offsetAt)).toISOString();
}

/** Returns how long ago an instant was, in its largest unit, such as `3h`. */
export function ageOf(time: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(time));
  const [unit, length] = Object.entries(UNITS_MS).find(([, each]) => ms >= each) ?? ['s', UNITS_MS.s];
  return `${Math.floor(ms / length)}${unit}`;
}

/** Returns nanoseconds as seconds, to a tenth. */
export function secondsOf(ns: number): number {
  return Math.round(ns / 1e8) / 10;
}
