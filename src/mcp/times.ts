import * as z from 'zod';

const UNITS_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const INSTANT = /^(?:(?<count>\d{1,4})(?<unit>[wdhms])|\d{4}-\S{1,50})$/;

/** How long ago an instant was, or what looks like one, which the argument of GraphQL reads. */
export const instant = z.string().regex(INSTANT, {
  error: 'expected a time ago, such as 30m, 24h or 7d, or a date or time, such as 2026-01-31T09:30:00Z',
});

/** Returns an instant in RFC 3339, or a date. @param now milliseconds since 1970 */
export function instantOf(text: string | undefined, now: number): string | undefined {
  const { count, unit } = INSTANT.exec(text ?? '')?.groups ?? {};
  const length = Object.entries(UNITS_MS).find(([each]) => each === unit)?.[1];
  return length === undefined ? text : new Date(now - Number(count) * length).toISOString();
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
