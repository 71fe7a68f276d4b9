import type { Context } from '../loaders/context.ts';
import type { CountedRuns } from '../loaders/runs.ts';
import { builder } from './builder.ts';
import { RunTokensRef, type Steps } from './details/run-usage.ts';
import { type RunCount, RunCountRef } from './run-count.ts';

/** The runs whose steps are added up if no number is given. */
export const SUMMED_RUNS = 100;

interface SummedRuns extends Steps {
  readonly runCount: RunCount;
}

export const RunStatsTokensRef = builder.objectRef<SummedRuns>('RunStatsTokens').implement({
  description: 'The tokens that runs used, over all of their steps.',
  interfaces: [RunTokensRef],
  fields: (t) => ({
    runCount: t.field({
      type: RunCountRef,
      description: 'How many runs were added up, and whether these are all of those that match.',
      resolve: ({ runCount }) => runCount,
    }),
  }),
});

/**
 * Reads the steps of the newest runs.
 *
 * @throws UpstreamError if those of one of them can't be read, as of a run that was deleted meanwhile
 */
export async function stepsOfRuns(
  { rows: runs, isWhole }: CountedRuns,
  count: number,
  { runParts }: Context,
): Promise<SummedRuns> {
  const summed = runs.slice(0, count);
  const lists = await Promise.all(summed.map(({ run }) => runParts.load('steps', run.id).read()));
  const runCount = { value: summed.length, isWhole: isWhole && summed.length === runs.length };
  return { steps: lists.flatMap(({ items }) => items), runCount };
}
