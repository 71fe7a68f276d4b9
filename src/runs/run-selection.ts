import { keyOfFilter, mismatched } from '../lists/filters.ts';
import { ACTIVE_STATUSES, OUTCOMES, type RunOutcome } from './outcomes.ts';
import { enumValues } from './run-enums.ts';
import { RUN_FILTERS, type RunFilter } from './run-list.ts';
import { isInWindow, type RunWindow, WINDOW_BOUNDS } from './run-window.ts';
import type { Run } from './run.ts';

/** Which runs a list has. */
export interface RunSelection {
  /** The filters that the runs API matches. */
  readonly filter: RunFilter;
  /** The bounds that are matched here. */
  readonly window: RunWindow;
}

/** Moves a single stop reason from the window to the filter: the runs API can filter by one. */
export function preferFilters({ filter, window }: RunSelection): RunSelection {
  const { stopReasons: [stopReason, ...others] = [], ...bounds } = window;
  if (stopReason === undefined || others.length > 0) return { filter, window };
  return { filter: { ...filter, stopReason }, window: bounds };
}

/** The outcomes that lists are read by. A run changes only from those of a stage to those of a later one. */
const STAGES = [['unfinished'], ['paused'], ['failed', 'cut_short', 'cancelled']] as const;

/**
 * Returns the filters of the lists that have the runs of a selection, and the bounds that are left to match: for outcomes
 * one list by status, and one for each stop reason. The API has no filter for runs without a stop reason, so those that
 * have succeeded are searched among all with their statuses.
 */
export function listsOf({ filter, window }: RunSelection): {
  readonly stages: readonly (readonly RunFilter[])[];
  readonly window: RunWindow;
} {
  const { outcomes, ...bounds } = window;
  if (outcomes === undefined) return { stages: [[filter]], window };
  const { active, statuses: given = active && ACTIVE_STATUSES, ...others } = filter;
  const { notStatuses, notStopReasons, stopReasons = others.stopReason && [others.stopReason] } = bounds;
  const allowed = enumValues('stop_reason').filter(
    (reason) =>
      (stopReasons?.includes(reason) ?? true) &&
      notStopReasons?.includes(reason) !== true &&
      outcomes.includes(OUTCOMES.stopReason[reason]),
  );
  const possible = enumValues('status').filter(
    (status) =>
      (given?.includes(status) ?? true) &&
      notStatuses?.includes(status) !== true &&
      (status !== 'completed' || stopReasons === undefined || allowed.length > 0),
  );
  const isSearched = outcomes.includes(OUTCOMES.noStopReason);
  const reasons = isSearched || !possible.includes('completed') ? [] : allowed;
  const filtersOf = (stage: readonly RunOutcome[]): readonly RunFilter[] => {
    const has = (outcome: RunOutcome): boolean => outcomes.includes(outcome) && stage.includes(outcome);
    const statuses = possible.filter((status) => has(OUTCOMES.status[status] ?? OUTCOMES.noStopReason));
    const completed = reasons
      .filter((reason) => has(OUTCOMES.stopReason[reason]))
      .map((stopReason): RunFilter => ({ ...others, statuses: ['completed'], stopReason }));
    return statuses.length === 0 ? completed : [{ ...others, statuses }, ...completed];
  };
  if (isSearched) return { stages: [filtersOf(outcomes)], window };
  return { stages: STAGES.map(filtersOf), window: bounds };
}

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: RunSelection): string {
  return keyOfFilter(RUN_FILTERS, filter) + keyOfFilter(WINDOW_BOUNDS, window);
}

/** Whether a run, in its present state, is in a list. */
export function isSelected(run: Run, { filter, window }: RunSelection): boolean {
  return mismatched(RUN_FILTERS, [run], filter).length === 0 && isInWindow(run, window);
}
