import { memoize } from './memoize.ts';
import { outcomeOf } from './outcomes.ts';
import { type OffsetAt, periodStarts, type TimeUnit } from './periods.ts';
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

/** The runs that were created in a period. */
export interface RunsOfPeriod {
  /** In milliseconds; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Newest first. */
  readonly rows: readonly CountedRun[];
}

/**
 * Splits runs, newest first, by the periods in which they were created: all from the first run to the
 * last one, oldest first. Undefined if there are more than `max`.
 */
export function splitByPeriod(
  runs: readonly CountedRun[],
  unit: TimeUnit,
  offsetAt: OffsetAt,
  max: number,
): readonly RunsOfPeriod[] | undefined {
  const [newest, oldest] = [runs[0], runs.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const span = { first: millisOf(oldest.createdInstant), last: millisOf(newest.createdInstant) };
  const starts = periodStarts(span, unit, offsetAt, max);
  if (starts === undefined) return undefined;
  const periods: RunsOfPeriod[] = [];
  let end = 0;
  // Texts are compared, since runs have microseconds.
  for (let index = starts.length - 2; index >= 0; index--) {
    const [from = 0, to = 0] = starts.slice(index, index + 2);
    const start = end;
    const bound = new Date(from).toISOString().slice(0, 19);
    while (end < runs.length && (runs[end]?.createdInstant ?? '') >= bound) end++;
    periods.push({ from, to, rows: runs.slice(start, end) });
  }
  return periods.toReversed();
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

function millisOf(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`);
}
