import * as z from 'zod';

const UNITS_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const AGO = /^(\d{1,4})([smhdw])$/;

/** An instant, or how long ago it was. */
export const instant = z.string().regex(/^(?:\d{1,4}[smhdw]|\d{4}-\d\d-\d\d(?:T\S{1,40})?)$/, {
  error: 'expected a time ago, such as 30m, 24h or 7d, or a date or time, such as 2026-01-31T09:30:00Z',
});

/** Returns an instant in RFC 3339. @param now milliseconds since 1970 */
export function instantOf(text: string | undefined, now: number): string | null {
  if (text === undefined) return null;
  const [, count, unit] = AGO.exec(text) ?? [];
  if (!isUnit(unit)) return text;
  return new Date(now - Number(count) * UNITS_MS[unit]).toISOString();
}

/** Returns how long ago an instant was, in its largest unit, such as `3h`. */
export function ageOf(time: string | null | undefined, now: number): string | null {
  const ms = now - Date.parse(time ?? '');
  if (Number.isNaN(ms)) return null;
  const [unit, length] = Object.entries(UNITS_MS).find(([, each]) => ms >= each) ?? ['s', UNITS_MS.s];
  return `${Math.max(0, Math.floor(ms / length))}${unit}`;
}

/** Returns nanoseconds as seconds, to a tenth. */
export function secondsOf(ns: number | null | undefined): number | null {
  return typeof ns === 'number' ? Math.round(ns / 1e8) / 10 : null;
}

function isUnit(text: string | undefined): text is keyof typeof UNITS_MS {
  return text !== undefined && Object.hasOwn(UNITS_MS, text);
}
