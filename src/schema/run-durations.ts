import type { CountedRuns } from '../loaders/runs.ts';
import { countFailed, durationsOf, percentile } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { RunCountRef } from './run-count.ts';

/** The durations of some runs; at least one. */
interface Durations {
  readonly ascending: readonly number[];
  readonly isWhole: boolean;
}

/** The duration that a share of the runs doesn't exceed. */
const upTo = (share: number, description: string) => ({
  type: 'Nanoseconds' as const,
  description,
  resolve: ({ ascending }: Durations) => percentile(ascending, share),
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

/** A field with the durations of runs. */
export const durationsField = (description: string) => ({
  type: RunDurationsRef,
  nullable: true as const,
  description,
  resolve: async ({ rows, isWhole, checkDurations }: CountedRuns): Promise<Durations | null> => {
    await checkDurations();
    const ascending = durationsOf(rows);
    return ascending.length === 0 ? null : { ascending, isWhole };
  },
});

/** What is said of the runs of an agent, and of a period. */
export const OF_GROUP = {
  failed: {
    type: 'Int' as const,
    description: 'How many of these have the status `FAILED`.',
    resolve: ({ rows }: CountedRuns) => countFailed(rows),
  },
  durations: durationsField('How long these took; null if none of them has a duration.'),
};
