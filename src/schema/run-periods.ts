import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import type { CountedRuns } from '../loaders/runs.ts';
import { oncePer } from '../runs/once-per.ts';
import { readTimeZone, type TimeUnit } from '../runs/periods.ts';
import { dateTimeOf } from '../runs/position.ts';
import { splitByPeriod } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { countField } from './run-count.ts';
import { OF_GROUP } from './run-durations.ts';

/** The maximum number of periods. */
export const MAX_PERIODS = 1000;
/** What routers assume, and the price. */
export const ASSUMED_PERIODS = 100;

export const TimeUnitEnum = builder.enumType('TimeUnit', {
  description: 'A unit of time by which runs are counted.',
  values: {
    HOUR: {
      description:
        'From one full hour to the next, by the clocks of the time zone; where these are changed by half an hour, one period is longer.',
    },
    DAY: {
      description:
        'A day of the time zone. It has 23 or 25 hours where clocks are changed by an hour; a day that the zone skips is left out.',
    },
    WEEK: { description: 'Seven days that begin with a Monday.' },
  } as const,
});

interface RunPeriod extends CountedRuns {
  readonly from: number;
  readonly to: number;
}

export const RunPeriodRef = builder.objectRef<RunPeriod>('RunPeriod').implement({
  description: 'The runs that were created in a period of time.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'The beginning of the period, in UTC.',
      resolve: ({ from }) => dateTimeOf(new Date(from).toISOString()),
    }),
    to: t.field({
      type: 'DateTime',
      description: 'The end of the period, in UTC, which is not included; the next one begins there.',
      resolve: ({ to }) => dateTimeOf(new Date(to).toISOString()),
    }),
    count: t.field(
      countField(
        'How many runs these are. If not all were read, the period in which reading ended has AT_LEAST.',
      ),
    ),
    failed: t.field(OF_GROUP.failed),
    durations: t.field(OF_GROUP.durations),
  }),
});

/** Splits counted runs by periods, oldest first. @throws ArgumentError */
export function periodsOf(counted: CountedRuns, unit: TimeUnit, timezone: string): readonly RunPeriod[] {
  const known = knownPeriods(counted);
  const key = `${unit} ${timezone}`;
  const periods = known.get(key) ?? findPeriods(counted, unit, timezone);
  known.set(key, periods);
  return periods;
}

/** An operation can ask for the same periods under many aliases. */
const knownPeriods = oncePer((_counted: CountedRuns) => new Map<string, readonly RunPeriod[]>());

function findPeriods(counted: CountedRuns, unit: TimeUnit, timezone: string): readonly RunPeriod[] {
  const offsetAt = readTimeZone(timezone);
  if (offsetAt === undefined) {
    throw new ArgumentError(
      'timezone',
      `timezone: expected a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +05:30, but got ${quote(timezone)}`,
    );
  }
  const periods = splitByPeriod(counted.rows, unit, offsetAt, MAX_PERIODS);
  if (periods === undefined) {
    const instead = unit === 'WEEK' ? '' : `by: ${unit === 'HOUR' ? 'DAY' : 'WEEK'}, or `;
    throw new ArgumentError(
      'by',
      `by: ${unit} makes more than ${MAX_PERIODS} periods of these runs; ask for ${instead}a shorter time with createdAfter and createdBefore`,
    );
  }
  const partial = { older: 0, newer: periods.length - 1 };
  return periods.map(({ from, to, runs }, index) => {
    const isWhole = counted.missing === undefined || index !== partial[counted.missing];
    return { ...counted, from, to, rows: runs, isWhole };
  });
}
