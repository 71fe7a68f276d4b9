const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Days from Monday to the first day of 1970, a Thursday. */
const MONDAY_TO_EPOCH = 3;

/** The units of time that runs are counted by. */
export type TimeUnit = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK';

/** Returns how far the clocks of a time zone are ahead of UTC at an instant, both in milliseconds. */
export type OffsetAt = (ms: number) => number;

/**
 * Returns the offsets of a time zone, by an IANA name or as a fixed offset such as `+05:30`; undefined if there is no
 * such zone. Node 24 has no Temporal, so they are read from what `Intl` writes.
 */
export function readTimeZone(timeZone: string): OffsetAt | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return (ms) => {
    // UTC may be written without digits; times before there were zones have seconds.
    const [, sign, h = 0, m = 0, s = 0] = /GMT([+-])(\d\d):(\d\d):?(\d\d)?$/.exec(format.format(ms)) ?? [];
    return (sign === '-' ? -1000 : 1000) * ((Number(h) * 60 + Number(m)) * 60 + Number(s));
  };
}

/**
 * Returns the instants at which periods begin, in milliseconds and ascending: from the period of the first instant to the
 * end of the period of the last, with days as long as they are in the zone. Undefined for more than `max` periods.
 */
export function periodStarts(
  { first, last }: { readonly first: number; readonly last: number },
  unit: TimeUnit,
  offsetAt: OffsetAt,
  max: number,
): readonly number[] | undefined {
  const starts: number[] = [];
  for (const start of startsFrom(first, unit, offsetAt)) {
    if (start <= first) starts.length = 0;
    // A zone that skips a day has two days that begin at once.
    if (start !== starts.at(-1)) starts.push(start);
    if (start > last) return starts;
    if (starts.length > max) return undefined;
  }
  return undefined;
}

function startsFrom(first: number, unit: TimeUnit, offsetAt: OffsetAt): Generator<number> {
  if (unit === 'MINUTE') return full(MINUTE, first, offsetAt);
  if (unit === 'HOUR') return full(HOUR, first, offsetAt);
  return days(first, unit === 'DAY' ? 1 : 7, offsetAt);
}

/** The instants at which clocks show a full minute or hour, from the last one before an instant on. */
function* full(length: number, first: number, offsetAt: OffsetAt): Generator<number> {
  const shown = (ms: number): number => modulo(ms + offsetAt(ms), length);
  let start = first;
  // Twice, if clocks were changed by half an hour since.
  while (shown(start) > 0) start -= shown(start);
  for (;;) {
    yield start;
    start += length;
    if (shown(start) > 0) start += length - shown(start);
  }
}

/** The beginnings of days, or of weeks, which begin on Monday, from one before an instant on. */
function* days(first: number, length: 1 | 7, offsetAt: OffsetAt): Generator<number> {
  const day = Math.floor((first + offsetAt(first)) / DAY);
  for (let start = day - modulo(day + MONDAY_TO_EPOCH, length) - length; ; start += length) {
    yield instantOfLocal(start * DAY, offsetAt);
  }
}

/** Returns the first instant at which clocks show a time; if they skip it, the one at which they would. */
export function instantOfLocal(local: number, offsetAt: OffsetAt): number {
  const [before, after] = [offsetAt(local - DAY), offsetAt(local + DAY)];
  const isShown = (offset: number): boolean => offsetAt(local - offset) === offset;
  return before === after || isShown(before) || !isShown(after) ? local - before : local - after;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
