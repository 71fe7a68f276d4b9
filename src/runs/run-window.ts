import type { FilterOf } from '../lists/filters.ts';
import type { Window } from '../lists/windows/window.ts';
import { INSTANT, listOf, oneOf, type RowArgument } from './argument-types.ts';
import { NANOSECONDS } from './duration.ts';
import { MAX_METADATA_FILTERS } from './limits.ts';
import { matchesMetadata, METADATA } from './metadata-filter.ts';
import { outcomeOf } from './outcomes.ts';
import { includes } from './run-list.ts';
import { checkDurations } from './run-state.ts';
import type { Run } from './run.ts';
import type { RunsSource } from './runs-source.ts';

/** Bounds of time are mostly sought, or reached at once; any other bound may take the whole scan budget. */
const TIME = { argument: INSTANT, weight: 20 };
export const SPARSE = { weight: 250 };
const DURATION = { ...SPARSE, argument: NANOSECONDS };
const SCANNED =
  'The runs API has no such filter, so its list is read until enough runs match, at most `SCAN_BUDGET` rows.';
const DATES = 'A date, such as `2026-01-31`, is the start of that day in UTC.';
const DURATIONS = `Nanoseconds, or an ISO 8601 duration, such as \`PT1M\` or \`P1DT12H\` (a day has 24 hours). Runs without a \`totalDurationNs\` match neither. ${SCANNED}`;

/**
 * The bounds of a window, for which the runs API has no parameters, by the names of the GraphQL arguments and in their
 * order; `run-list.ts` has the filters of the API. Instants are in the format of `instantOf`.
 */
export const RUN_BOUNDS = {
  outcomes: bound({
    ...SPARSE,
    argument: listOf(oneOf('outcome')),
    description: `Only runs with one of these outcomes. They are read from the lists of their statuses and stop reasons, so that a few failures are found among any number of other runs. For SUCCEEDED the list of all COMPLETED runs is read until enough runs match, at most \`SCAN_BUDGET\` rows.`,
    matches: (run, outcomes) => includes(outcomes, outcomeOf(run)),
  }),
  notStatuses: bound({
    ...SPARSE,
    argument: listOf(oneOf('status')),
    description: `Only runs with none of these statuses. ${SCANNED}`,
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

/** Bounds that no argument has: the API has no filter for runs of default conversations. */
export const WINDOW_BOUNDS = {
  ...RUN_BOUNDS,
  isInDefault: { matches: (run: Run, _is: true) => run.conversationId === null },
} as const;

/** The bounds of one list; none for the whole list. */
export type RunWindow = FilterOf<typeof WINDOW_BOUNDS>;

/** Whether a window has any bound. */
export function isBounded(window: RunWindow): boolean {
  return Object.keys(window).length > 0;
}

/** Returns a bound of a window that is about durations; undefined if there is none. */
export function durationBound({ minDurationNs, maxDurationNs }: RunWindow) {
  if (minDurationNs !== undefined) return 'minDurationNs';
  return maxDurationNs === undefined ? undefined : 'maxDurationNs';
}

/** Whether no run can lie in a window, because its bounds contradict each other. */
function isEmptyWindow({ createdAfter, createdBefore, ...durations }: RunWindow): boolean {
  if (createdAfter !== undefined && createdBefore !== undefined && createdAfter >= createdBefore) return true;
  return (durations.minDurationNs ?? 0) > (durations.maxDurationNs ?? Infinity);
}

/** Whether a run lies in a window. */
export function isInWindow(run: Run, window: RunWindow): boolean {
  // oxlint-disable-next-line typescript/no-explicit-any -- A bound's value goes to its own check.
  const table: Readonly<Record<string, { matches: (run: Run, value: any) => boolean }>> = WINDOW_BOUNDS;
  return Object.entries(window).every(([name, value]) => table[name]?.matches(run, value));
}

/** Returns a window for a search, which fails for bounds of durations where lists don't show them. */
export function windowOf(bounds: RunWindow, source: Pick<RunsSource, 'listsDurations'>): Window<Run> {
  const argument = durationBound(bounds);
  const { createdAfter, createdBefore, ...others } = bounds;
  return {
    span: { from: createdAfter, to: createdBefore },
    isEmpty: isEmptyWindow(bounds),
    isSparse: isBounded(others),
    matches: (run) => isInWindow(run, bounds),
    ...(argument !== undefined && { check: (runs) => checkDurations(runs, source, argument) }),
  };
}

function bound<Input, Value>(row: RowArgument<Run, Input, Value>): RowArgument<Run, Input, Value> {
  return row;
}
