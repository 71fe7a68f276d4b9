import { type FilterOf, keyOfFilter } from '../lists/filters.ts';
import type { Window } from '../lists/windows/window.ts';
import { INSTANT, listOf, NANOSECONDS, oneOf, type RowArgument } from './argument.ts';
import { checkDurations } from './listed-durations.ts';
import { MAX_METADATA_FILTERS, matchesMetadata, METADATA } from './metadata-filter.ts';
import { includes } from './run-filters.ts';
import type { Run } from './run.ts';
import type { RunsSource } from './source.ts';

interface RunBound<Given, Value> extends RowArgument<Run, Given, Value> {
  /** A price for the rows that are read in vain. */
  readonly weight: number;
  /** Whether rows that don't match may lie anywhere among those that do. */
  readonly isSparse?: true;
}

/** Bounds of time are mostly sought, or reached at once; all others may take the whole budget. */
const TIME = { argument: INSTANT, weight: 20 };
const SPARSE = { weight: 250, isSparse: true } as const;
const DURATION = { ...SPARSE, argument: NANOSECONDS };
const SCANNED =
  'The runs API has no such filter, so its list is read until enough runs match, at most `SCAN_BUDGET` rows.';
const DATES = 'A date, such as `2026-01-31`, is the start of that day in UTC.';
const DURATIONS = `Nanoseconds, or an ISO 8601 duration, such as \`PT1M\` or \`P1DT12H\` (a day has 24 hours). Runs without a \`totalDurationNs\` match neither. ${SCANNED}`;

/**
 * What selects runs and the list of the runs API has no parameters for, by the names of the GraphQL
 * arguments and in their order: bounds of a window, and conditions. Runs are matched here;
 * `run-filters.ts` has what the API can do. Instants are in the format of `instantOf`. A run without a
 * duration matches no bound of durations.
 */
export const RUN_BOUNDS = {
  notStatuses: bound({
    ...SPARSE,
    argument: listOf(oneOf('status')),
    description: `Only runs with none of these statuses. ${SCANNED} With \`statuses\` or \`active\`, it filters by those that remain.`,
    matches: (run, statuses) => !includes(statuses, run.status),
  }),
  stopReasons: bound({
    ...SPARSE,
    argument: listOf(oneOf('stop_reason')),
    description: `Only runs that ended for one of these reasons. Cannot be combined with \`stopReason\`. ${SCANNED} For a single reason it has one.`,
    contradicts: 'stopReason',
    matches: (run, reasons) => includes(reasons, run.stopReason),
  }),
  notStopReasons: bound({
    ...SPARSE,
    argument: listOf(oneOf('stop_reason')),
    description: `Only runs that ended for none of these reasons, or have no stop reason. ${SCANNED}`,
    matches: (run, reasons) => !includes(reasons, run.stopReason),
  }),
  createdAfter: bound({
    ...TIME,
    description: `Only runs created at this instant or later. ${DATES}`,
    matches: (run, instant) => run.createdInstant >= instant,
  }),
  createdBefore: bound({
    ...TIME,
    description: `Only runs created before this instant, which is not included. ${DATES}`,
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
  metadata: bound({
    ...SPARSE,
    argument: listOf(METADATA, MAX_METADATA_FILTERS),
    description: `Only runs whose \`metadata\` meet all of these conditions, at most ${MAX_METADATA_FILTERS}. ${SCANNED}`,
    matches: (run, filters) => matchesMetadata(run.metadata, filters),
  }),
} as const;

export type RunBoundName = keyof typeof RUN_BOUNDS;

/** The bounds of one list; none for the whole list. */
export type RunWindow = FilterOf<typeof RUN_BOUNDS>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
const RUN_BOUND_NAMES = Object.keys(RUN_BOUNDS) as readonly RunBoundName[];

/** Whether a window has any bound. */
export function isBounded(window: RunWindow): boolean {
  return RUN_BOUND_NAMES.some((name) => window[name] !== undefined);
}

/** Returns a bound of a window that is about durations; undefined if there is none. */
export function durationBound({ minDurationNs, maxDurationNs }: RunWindow): RunBoundName | undefined {
  if (minDurationNs !== undefined) return 'minDurationNs';
  return maxDurationNs === undefined ? undefined : 'maxDurationNs';
}

/** Whether no run can lie in a window, because its bounds contradict each other, or a filter. */
function isEmptyWindow(window: RunWindow): boolean {
  const { createdAfter, createdBefore, minDurationNs, maxDurationNs, stopReasons } = window;
  if (stopReasons?.length === 0) return true;
  if (createdAfter !== undefined && createdBefore !== undefined && createdAfter >= createdBefore) return true;
  return minDurationNs !== undefined && maxDurationNs !== undefined && minDurationNs > maxDurationNs;
}

/** Whether a run lies in a window. */
export function isInWindow(run: Run, window: RunWindow): boolean {
  return givenBounds(window).every(([matches, value]) => matches(run, value));
}

/** Returns the bounds of a window, each as its own check and its value. */
function givenBounds(
  window: RunWindow,
): readonly (readonly [RunBound<unknown, unknown>['matches'], unknown])[] {
  return RUN_BOUND_NAMES.filter((name) => window[name] !== undefined).map((name) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A bound's value goes to its own check.
    return [(RUN_BOUNDS[name] as unknown as RunBound<unknown, unknown>).matches, window[name]];
  });
}

/** Returns a window for a search, which fails for bounds of durations where lists don't show them. */
export function windowOf(bounds: RunWindow, source: Pick<RunsSource, 'listsDurations'>): Window<Run> {
  const argument = durationBound(bounds);
  const given = givenBounds(bounds);
  return {
    span: { from: bounds.createdAfter, to: bounds.createdBefore },
    isEmpty: isEmptyWindow(bounds),
    isSparse: RUN_BOUND_NAMES.some((name) => bounds[name] !== undefined && 'isSparse' in RUN_BOUNDS[name]),
    matches: (run) => given.every(([matches, value]) => matches(run, value)),
    ...(argument !== undefined && { check: (runs) => checkDurations(runs, source, argument) }),
  };
}

/** Returns a key that is equal only for equal windows. */
export function windowKey(window: RunWindow): string {
  return keyOfFilter(RUN_BOUNDS, window);
}

function bound<Given, Value>(kind: RunBound<Given, Value>): RunBound<Given, Value> {
  return kind;
}
