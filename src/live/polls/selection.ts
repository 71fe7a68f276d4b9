import { UpstreamError } from '../../runs/errors.ts';
import { filterKey, fixedFilters, mismatchedFilters, type RunFilter } from '../../runs/run-filters.ts';
import { isInWindow, type RunWindow, windowKey } from '../../runs/run-window.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';

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

/** Returns one run as lists have it: where they show durations, with the one from its metrics, if there is one. */
export async function asListed(
  run: Run,
  runs: Pick<RunsSource, 'retrievePart' | 'listsDurations'>,
): Promise<Run> {
  return (await runs.listsDurations()) ? measured(run, runs) : { ...run, isDurationMeasured: true };
}

/** Returns one run with the duration from its metrics, if there is one. */
export async function measured(run: Run, runs: Pick<RunsSource, 'retrievePart'>): Promise<Run> {
  const metrics = await runs.retrievePart('metrics', run.id).catch(withoutMetrics);
  return {
    ...run,
    totalDurationNs: metrics?.durationNs ?? run.totalDurationNs,
    isDurationMeasured: true,
  };
}

/** One run whose metrics fail must not end the events of all; it is looked up again. */
function withoutMetrics(error: unknown): null {
  if (error instanceof UpstreamError && error.code !== 'RATE_LIMITED') return null;
  throw error;
}
