import type { OffsetAt } from './time-zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 1970 began on a Thursday, weeks begin on Monday. */
const FIRST_MONDAY = 4 * DAY;

/** The units of time that runs are counted by. */
export type TimeUnit = 'HOUR' | 'DAY' | 'WEEK';

/**
 * Returns the instants at which periods begin, in milliseconds and ascending: from the period of one
 * instant to the end of the period of another. They follow each other without a gap; days are as long as
 * they are in the zone. Undefined if there are more than `max` of them.
 */
export function periodStarts(
  { first, last }: { readonly first: number; readonly last: number },
  unit: TimeUnit,
  offsetAt: OffsetAt,
  max: number,
): readonly number[] | undefined {
  const starts: number[] = [];
  for (const start of STARTS[unit](first, offsetAt)) {
    if (start <= first) starts.length = 0;
    // A zone that skips a day has two days that begin at once.
    if (start !== starts.at(-1)) starts.push(start);
    if (start > last) return starts;
    if (starts.length > max) return undefined;
  }
  return undefined;
}

type Starts = (first: number, offsetAt: OffsetAt) => Iterable<number>;

/** The beginnings of the periods of a unit, from one before an instant on, without end. */
const STARTS: Readonly<Record<TimeUnit, Starts>> = {
  HOUR: function* (first, offsetAt) {
    const [midnight = first] = STARTS.DAY(first, offsetAt);
    for (let hour = midnight; ; hour = nextHour(hour, offsetAt)) yield hour;
  },
  DAY: (first, offsetAt) => localStarts(first, DAY, 0, offsetAt),
  WEEK: (first, offsetAt) => localStarts(first, WEEK, FIRST_MONDAY, offsetAt),
};

function* localStarts(first: number, length: number, origin: number, offsetAt: OffsetAt): Generator<number> {
  const local = first + offsetAt(first);
  for (let start = local - modulo(local - origin, length) - length; ; start += length) {
    yield instantOfLocal(start, offsetAt);
  }
}

/**
 * Returns the next instant at which clocks show a full hour, or another hour than before. So an hour is a
 * real one, unless clocks are changed by half an hour.
 */
function nextHour(hour: number, offsetAt: OffsetAt): number {
  const shown = Math.floor((hour + offsetAt(hour)) / HOUR);
  let next = hour;
  for (;;) {
    next += HOUR - modulo(next + offsetAt(next), HOUR);
    const local = next + offsetAt(next);
    if (modulo(local, HOUR) === 0 || Math.floor(local / HOUR) !== shown) return next;
  }
}

/** Returns the first instant at which clocks show a time; if they skip it, the one at which they would. */
function instantOfLocal(local: number, offsetAt: OffsetAt): number {
  const before = offsetAt(local - DAY);
  const after = offsetAt(local + DAY);
  const isShown = (offset: number): boolean => offsetAt(local - offset) === offset;
  return before === after || isShown(before) || !isShown(after) ? local - before : local - after;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
