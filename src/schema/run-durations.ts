import { percentile } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { RunCountRef } from './run-count.ts';

/** The durations of some runs; at least one. */
export interface Durations {
  readonly ascending: readonly number[];
  readonly isWhole: boolean;
}

const part = (share: number) => ({
  type: 'Nanoseconds' as const,
  resolve: ({ ascending }: Durations) => percentile(ascending, share),
});

export const RunDurationsRef = builder.objectRef<Durations>('RunDurations').implement({
  description:
    'How long runs took, by the `totalDurationNs` of lists. Percentiles are by the nearest rank, so each is the duration of some run.',
  fields: (t) => ({
    p50: t.field({ ...part(0.5), description: 'Half of the runs took no longer than this.' }),
    p95: t.field({ ...part(0.95), description: '95 percent of the runs took no longer than this.' }),
    max: t.field({ ...part(1), description: 'The longest of the durations.' }),
    runCount: t.field({
      type: RunCountRef,
      description: 'How many runs these are: those of the statistics that have a duration.',
      resolve: ({ ascending, isWhole }) => ({ value: ascending.length, isWhole }),
    }),
  }),
});
