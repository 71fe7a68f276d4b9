import { filterKey, mismatchedFilters, type RunFilter } from './run-list.ts';
import { isInWindow, type RunWindow, windowKey } from './run-window.ts';
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

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: RunSelection): string {
  return filterKey(filter) + windowKey(window);
}

/** Whether a run, in its present state, is in a list. */
export function isSelected(run: Run, { filter, window }: RunSelection): boolean {
  return mismatchedFilters([run], filter).length === 0 && isInWindow(run, window);
}
