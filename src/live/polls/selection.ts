import { filterKey, mismatchedFilters, type RunFilter } from '../../runs/run-filters.ts';
import { isInWindow, type RunWindow, windowKey } from '../../runs/run-window.ts';
import type { Run } from '../watched-run.ts';

/** Which runs a list has. */
export interface ListSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: ListSelection): string {
  return filterKey(filter) + windowKey(window);
}

/** Whether a list has a run, as it is now. */
export function isSelected(run: Run, { filter, window }: ListSelection): boolean {
  return mismatchedFilters([run], filter).length === 0 && isInWindow(run, window);
}
