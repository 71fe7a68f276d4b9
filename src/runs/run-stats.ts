import { periodStarts, type TimeUnit } from './periods.ts';
import type { Run } from './run.ts';
import { type OffsetAt } from './time-zone.ts';

/** The runs that have the same value of something. */
export interface RunGroup<Value> {
  readonly value: Value;
  readonly runs: readonly Run[];
}

/** Groups runs by a value, the largest group first; groups of the same size in the order of their values. */
export function groupRuns<Value extends string | null>(
  runs: readonly Run[],
  valueOf: (run: Run) => Value,
): readonly RunGroup<Value>[] {
  return [...Map.groupBy(runs, valueOf)]
    .map(([value, some]) => ({ value, runs: some }))
    .toSorted((a, b) => b.runs.length - a.runs.length || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
}

/** The runs that were created in a period. */
export interface RunsOfPeriod {
  /** In milliseconds; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Newest first. */
  readonly runs: readonly Run[];
}

/**
 * Splits runs, newest first, by the periods in which they were created: all from the first run to the
 * last one, oldest first. Undefined if there are more than `max`.
 */
export function splitByPeriod(
  runs: readonly Run[],
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
    periods.push({ from, to, runs: runs.slice(start, end) });
  }
  return periods.toReversed();
}

/** Returns the runs that took longest, those first; of equal ones the newest. Runs without a duration are left out. */
export function slowestRuns(runs: readonly Run[], count: number): readonly Run[] {
  return runs
    .map((run) => ({ run, ns: run.totalDurationNs }))
    .filter(({ ns }) => ns !== null)
    .toSorted((a, b) => (b.ns ?? 0) - (a.ns ?? 0))
    .slice(0, count)
    .map(({ run }) => run);
}

/** Returns how many runs have failed. */
export function countFailed(runs: readonly Run[]): number {
  return runs.reduce((count, { status }) => (status === 'failed' ? count + 1 : count), 0);
}

/** Returns the durations that runs have, in ascending order. */
export function durationsOf(runs: readonly Run[]): readonly number[] {
  return runs
    .map(({ totalDurationNs }) => totalDurationNs)
    .filter((ns) => ns !== null)
    .toSorted((a, b) => a - b);
}

/**
 * Returns a percentile by the nearest rank: the smallest of the values that at least this part of them
 * doesn't exceed, so one that occurs. The values are in ascending order, and there is at least one.
 */
export function percentile(sorted: readonly number[], part: number): number {
  const index = Math.max(0, Math.ceil(part * sorted.length) - 1);
  const value = sorted[Math.min(index, sorted.length - 1)];
  if (value === undefined) throw new RangeError('Expected at least one value');
  return value;
}

function millisOf(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`);
}
