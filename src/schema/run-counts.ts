import type { FieldRef, ObjectFieldBuilder } from '@pothos/core';
import type { CountedRuns } from '../loaders/run-lists.ts';
import { countFailed, durationsOf, percentile } from '../runs/run-stats.ts';
import { builder, type Types } from './builder.ts';
import { enumOf } from './enums.ts';

/** A number of runs, and whether there may be more. */
export interface RunCount {
  readonly value: number;
  readonly isWhole: boolean;
}

const RunCountPrecisionEnum = enumOf('RunCountPrecision', 'How exact a number of runs is.', {
  EXACT: 'There are as many runs as this.',
  AT_LEAST:
    'There are as many runs as this, and there may be more: reading ended at `SCAN_BUDGET` rows, or at the number of runs that was asked for.',
});

export const RunCountRef = builder.objectRef<RunCount>('RunCount').implement({
  description: 'A number of runs, and whether all were read.',
  fields: (t) => ({
    value: t.exposeInt('value', { description: 'How many runs there are, as far as they were read.' }),
    precision: t.field({
      type: RunCountPrecisionEnum,
      description: 'Whether these are all of them.',
      resolve: ({ isWhole }) => (isWhole ? 'EXACT' : 'AT_LEAST'),
    }),
  }),
});

/** The durations of runs; at least one. */
interface Durations {
  readonly ascending: readonly number[];
  readonly isWhole: boolean;
}

/** The duration that a part of the runs doesn't exceed. */
const upTo = (part: number, description: string) => ({
  type: 'Nanoseconds' as const,
  description,
  resolve: ({ ascending }: Durations) => percentile(ascending, part),
});

const RunDurationsRef = builder.objectRef<Durations>('RunDurations').implement({
  description:
    'How long runs took, by the `totalDurationNs` of lists. Percentiles are by the nearest rank, so each is the duration of some run.',
  fields: (t) => ({
    p50: t.field(upTo(0.5, 'Half of the runs took no longer than this.')),
    p95: t.field(upTo(0.95, '95 percent of the runs took no longer than this.')),
    max: t.field(upTo(1, 'The longest of the durations.')),
    runCount: t.field({
      type: RunCountRef,
      description: 'How many runs these are: those of the statistics that have a duration.',
      resolve: ({ ascending, isWhole }) => ({ value: ascending.length, isWhole }),
    }),
  }),
});

/** Defines the fields that any set of counted runs has. */
export function countFields<Runs extends CountedRuns>(
  t: ObjectFieldBuilder<Types, Runs>,
  count = 'How many of the runs these are.',
): Record<'count' | 'failed' | 'durations', FieldRef<Types>> {
  return {
    count: t.field({
      type: RunCountRef,
      description: count,
      resolve: ({ rows, isWhole }) => ({ value: rows.length, isWhole }),
    }),
    failed: t.int({
      description: 'How many of these have the outcome `FAILED`, whatever their status.',
      resolve: ({ rows }) => countFailed(rows),
    }),
    durations: t.field({
      type: RunDurationsRef,
      nullable: true,
      description: 'How long these took; null if none of them has a duration.',
      resolve: async ({ rows, isWhole, checkDurations }) => {
        await checkDurations();
        const ascending = durationsOf(rows);
        return ascending.length === 0 ? null : { ascending, isWhole };
      },
    }),
  };
}
