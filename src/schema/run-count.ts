import type { CountedRuns } from '../loaders/runs.ts';
import { builder } from './builder.ts';

/** A number of runs, and whether there may be more. */
export interface RunCount {
  readonly value: number;
  readonly isWhole: boolean;
}

const RunCountPrecisionEnum = builder.enumType('RunCountPrecision', {
  description: 'How exact a number of runs is.',
  values: {
    EXACT: { description: 'There are as many runs as this.' },
    AT_LEAST: {
      description:
        'There are as many runs as this, and there may be more: reading ended at `SCAN_BUDGET` rows, or at the number of runs that was asked for.',
    },
  } as const,
});

export const RunCountRef = builder.objectRef<RunCount>('RunCount').implement({
  description: 'A number of runs.',
  fields: (t) => ({
    value: t.exposeInt('value', { description: 'How many runs there are, as far as they were read.' }),
    precision: t.field({
      type: RunCountPrecisionEnum,
      description: 'Whether these are all of them.',
      resolve: ({ isWhole }) => (isWhole ? 'EXACT' : 'AT_LEAST'),
    }),
  }),
});

/** A field with the number of runs. */
export const countField = (description: string) => ({
  type: RunCountRef,
  description,
  resolve: ({ rows, isWhole }: CountedRuns): RunCount => ({ value: rows.length, isWhole }),
});
