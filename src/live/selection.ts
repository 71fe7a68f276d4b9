import { filterKey, fixedFilters, mismatchedFilters, type RunFilter } from '../runs/run-filters.ts';
import { isInWindow, type RunWindow, windowKey } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';

/** Which runs a list has. */
export interface ListSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: ListSelection): string {
  return filterKey(filter) + windowKey(window);
}

/** Returns what can be left to the upstream: the filters that no run comes to match later, or ceases to. */
export function fixedFilter({ filter }: ListSelection): RunFilter {
  return fixedFilters(filter);
}

/** Whether a run of a list is one of those. */
export function isSelected(run: Run, { filter, window }: ListSelection): boolean {
  return mismatchedFilters([run], filter).length === 0 && isInWindow(run, window);
}

/** Returns one run as a list has it, as far as the selection depends on it: a list has another duration. */
export async function asListed(
  run: Run,
  { window: { minDurationNs, maxDurationNs } }: ListSelection,
  runs: RunsSource,
): Promise<Run> {
  if (minDurationNs === undefined && maxDurationNs === undefined) return run;
  const metrics = await runs.retrievePart('metrics', run.id);
  return { ...run, totalDurationNs: metrics?.durationNs ?? null, isDurationMeasured: true };
}
