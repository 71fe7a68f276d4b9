import { quote } from '../lists/list-errors.ts';
import { refuse } from './argument-types.ts';
import { MAX_STATISTICS_ROWS } from './limits.ts';
import { getOrCompute, memoize } from './memoize.ts';
import { periodStarts, readTimeZone, type TimeUnit } from './periods.ts';
import type { CountedRun } from './run-stats.ts';

/** Runs that were counted, newest first. */
interface Counted {
  readonly rows: readonly CountedRun[];
  /** At which end runs may be missing; undefined if all were read. */
  readonly missing?: 'older' | 'newer' | undefined;
}

/** The runs that were created in a period. */
export interface RunsOfPeriod {
  /** In milliseconds; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Newest first. */
  readonly rows: readonly CountedRun[];
  /** Whether no run of the period is missing. */
  readonly isWhole: boolean;
}

/** Periods by their unit and zone: an operation can select the same periods under many aliases. */
const cached = memoize((_counted: Counted) => new Map<string, readonly RunsOfPeriod[]>());

/**
 * Splits runs by the periods in which they were created: all from the first run to the last one, oldest first.
 *
 * @param timezone an IANA name or a fixed offset
 * @throws ArgumentError for an unknown zone, and for too many periods
 */
export function periodsOf(counted: Counted, unit: TimeUnit, timezone: string): readonly RunsOfPeriod[] {
  return getOrCompute(cached(counted), `${unit} ${timezone}`, () => split(counted, unit, timezone));
}

function split({ rows, missing }: Counted, unit: TimeUnit, timezone: string): readonly RunsOfPeriod[] {
  const starts = startsOf(rows, unit, timezone);
  const partial = missing && { older: 0, newer: starts.length - 2 }[missing];
  const periods: RunsOfPeriod[] = [];
  let end = 0;
  // Texts are compared, since runs have microseconds.
  for (let index = starts.length - 2; index >= 0; index--) {
    const [from = 0, to = 0] = starts.slice(index, index + 2);
    const start = end;
    const bound = new Date(from).toISOString().slice(0, 19);
    while (end < rows.length && (rows[end]?.createdInstant ?? '') >= bound) end++;
    periods.push({ from, to, rows: rows.slice(start, end), isWhole: index !== partial });
  }
  return periods.toReversed();
}

/** The next longer unit of each. */
const LONGER: Readonly<Partial<Record<TimeUnit, TimeUnit>>> = { MINUTE: 'HOUR', HOUR: 'DAY', DAY: 'WEEK' };

/** Returns the instants at which the periods of runs begin, and at which the last one ends. */
function startsOf(rows: readonly CountedRun[], unit: TimeUnit, timezone: string): readonly number[] {
  const offsetAt = readTimeZone(timezone);
  if (offsetAt === undefined) {
    return refuse(
      'timezone',
      `expected a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +05:30, but got ${quote(timezone)}`,
    );
  }
  const [newest, oldest] = [rows[0], rows.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const span = { first: millisOf(oldest), last: millisOf(newest) };
  const starts = periodStarts(span, unit, offsetAt, MAX_STATISTICS_ROWS);
  if (starts !== undefined) return starts;
  const longer = LONGER[unit] === undefined ? '' : `by: ${LONGER[unit]}, or `;
  return refuse(
    'by',
    `${unit} makes more than ${MAX_STATISTICS_ROWS} periods of these runs; ask for ${longer}a shorter time with createdAfter and createdBefore`,
  );
}

function millisOf({ createdInstant }: CountedRun): number {
  return Date.parse(`${createdInstant.slice(0, 19)}Z`);
}
