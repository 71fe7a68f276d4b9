import type { FilterOf } from '../lists/filters.ts';
import type { Window } from '../windows/window.ts';
import { INSTANT, NANOSECONDS, type RowArgument } from './argument.ts';
import { checkDurations } from './listed-durations.ts';
import type { Run } from './run.ts';
import type { RunsSource } from './source.ts';

interface RunBound<Given, Value> extends RowArgument<Run, Given, Value> {
  /** A price for the rows that are read in vain. */
  readonly weight: number;
}

/** Bounds of time are mostly sought, or reached at once; those of durations may take the whole budget. */
const TIME = { argument: INSTANT, weight: 20 };
const DURATION = { argument: NANOSECONDS, weight: 250 };
const DURATIONS =
  'Runs without a `totalDurationNs` match neither. The list of the runs API has no such filter, so its rows are read until enough match, at most `SCAN_BUDGET`.';

/**
 * The bounds of a window of runs, by the names of their GraphQL arguments and in their order. The list
 * of the runs API has no such parameters, so runs are matched here; `run-filters.ts` has what it has.
 * Instants are in the format of `instantOf`. A run without a duration matches no bound of durations.
 */
export const RUN_BOUNDS = {
  createdAfter: bound({
    ...TIME,
    description: 'Only runs created at this instant or later.',
    matches: (run, instant) => run.createdInstant >= instant,
  }),
  createdBefore: bound({
    ...TIME,
    description: 'Only runs created before this instant, which is not included.',
    matches: (run, instant) => run.createdInstant < instant,
  }),
  minDurationNs: bound({
    ...DURATION,
    description: `Only runs that took at least this long, by \`totalDurationNs\`. ${DURATIONS}`,
    matches: (run, ns) => run.totalDurationNs !== null && run.totalDurationNs >= ns,
  }),
  maxDurationNs: bound({
    ...DURATION,
    description: `Only runs that took at most this long, by \`totalDurationNs\`. ${DURATIONS}`,
    matches: (run, ns) => run.totalDurationNs !== null && run.totalDurationNs <= ns,
  }),
} as const;

export type RunBoundName = keyof typeof RUN_BOUNDS;

/** The bounds of one list; none for the whole list. */
export type RunWindow = FilterOf<typeof RUN_BOUNDS>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
export const RUN_BOUND_NAMES = Object.keys(RUN_BOUNDS) as readonly RunBoundName[];

/** Whether a window has any bound. */
export function isBounded(window: RunWindow): boolean {
  return RUN_BOUND_NAMES.some((name) => window[name] !== undefined);
}

/** Returns a bound of a window that is about durations; undefined if there is none. */
export function durationBound({ minDurationNs, maxDurationNs }: RunWindow): RunBoundName | undefined {
  if (minDurationNs !== undefined) return 'minDurationNs';
  return maxDurationNs === undefined ? undefined : 'maxDurationNs';
}

/** Whether no run can lie in a window, because its bounds contradict each other. */
function isEmptyWindow(window: RunWindow): boolean {
  const { createdAfter, createdBefore, minDurationNs, maxDurationNs } = window;
  if (createdAfter !== undefined && createdBefore !== undefined && createdAfter >= createdBefore) return true;
  return minDurationNs !== undefined && maxDurationNs !== undefined && minDurationNs > maxDurationNs;
}

/** Whether a run lies in a window. */
export function isInWindow(run: Run, window: RunWindow): boolean {
  return RUN_BOUND_NAMES.every((name) => {
    const value: unknown = window[name];
    if (value === undefined) return true;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A bound's value goes to its own check.
    return (RUN_BOUNDS[name] as unknown as RunBound<unknown, unknown>).matches(run, value);
  });
}

/** Returns a window for a search, which fails for bounds of durations where lists don't show them. */
export function windowOf(bounds: RunWindow, source: Pick<RunsSource, 'listsDurations'>): Window<Run> {
  const argument = durationBound(bounds);
  return {
    span: { from: bounds.createdAfter, to: bounds.createdBefore },
    isEmpty: isEmptyWindow(bounds),
    isSparse: argument !== undefined,
    matches: (run) => isInWindow(run, bounds),
    ...(argument !== undefined && { check: (runs) => checkDurations(runs, source, argument) }),
  };
}

/** Returns a key that is equal only for equal windows. */
export function windowKey(window: RunWindow): string {
  return JSON.stringify(RUN_BOUND_NAMES.map((name) => window[name]));
}

function bound<Given, Value>(kind: RunBound<Given, Value>): RunBound<Given, Value> {
  return kind;
}
