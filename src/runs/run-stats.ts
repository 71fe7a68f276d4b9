import { memoize } from './memoize.ts';
import { outcomeOf } from './outcomes.ts';
import type { Run } from './run.ts';

export type CountedRun = ReturnType<typeof readCounted>;

/** Reads the fields of a run that statistics need, once: a copied row is parsed at each access. */
export function readCounted(run: Run) {
  const { agentId, createdInstant, status, stopReason, totalDurationNs } = run;
  const outcome = outcomeOf({ status, stopReason });
  return { run, agentId, createdInstant, status, stopReason, totalDurationNs, outcome };
}

/** Groups runs by a value, the largest group first; groups of the same size in the order of their values. */
export function groupRuns<Value extends string | null>(
  runs: readonly CountedRun[],
  valueOf: (run: CountedRun) => Value,
): readonly { readonly value: Value; readonly rows: readonly CountedRun[] }[] {
  return [...Map.groupBy(runs, valueOf)]
    .map(([value, rows]) => ({ value, rows }))
    .toSorted((a, b) => b.rows.length - a.rows.length || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
}

/** Returns the runs with a duration, the longest first; equal durations in the order of `runs`. */
export const slowestFirst = memoize((runs: readonly CountedRun[]): readonly Run[] =>
  runs
    .filter(({ totalDurationNs }) => totalDurationNs !== null)
    .toSorted((a, b) => (b.totalDurationNs ?? 0) - (a.totalDurationNs ?? 0))
    .map(({ run }) => run),
);

/** Returns how many runs have the outcome FAILED. */
export const countFailed = memoize(
  (runs: readonly CountedRun[]): number => runs.filter(({ outcome }) => outcome === 'failed').length,
);

/** Returns the durations that runs have, in ascending order. */
export const durationsOf = memoize((runs: readonly CountedRun[]): readonly number[] =>
  runs
    .map(({ totalDurationNs }) => totalDurationNs)
    .filter((ns) => ns !== null)
    .toSorted((a, b) => a - b),
);

/**
 * Returns a percentile by the nearest rank: the smallest value that at least this part of the values doesn't exceed.
 *
 * @param sorted the values in ascending order, at least one
 */
export function percentile(sorted: readonly number[], part: number): number {
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('Expected at least one value');
  return value;
}
