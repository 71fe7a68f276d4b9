import type { Window } from '../lists/windows/window.ts';
import { isSelected, type RunFilter } from './run-filters.ts';
import { checkDurations } from './run-state.ts';
import type { Run } from './run.ts';
import type { RunsSource } from './runs-source.ts';

/** Returns a filter that is about durations; undefined if there is none. */
export function durationBound({ minDurationNs, maxDurationNs }: RunFilter) {
  if (minDurationNs !== undefined) return 'minDurationNs';
  return maxDurationNs === undefined ? undefined : 'maxDurationNs';
}

/** Whether no run can match, because bounds contradict each other. */
function isContradiction({ createdAfter, createdBefore, minDurationNs, maxDurationNs }: RunFilter): boolean {
  if (createdAfter !== undefined && createdBefore !== undefined && createdAfter >= createdBefore) return true;
  return (minDurationNs ?? 0) > (maxDurationNs ?? Infinity);
}

/**
 * Returns what a list is searched for. The search fails for bounds of durations where lists don't show them.
 *
 * @param bounds the filters that the API has no parameters for
 */
export function windowOf(bounds: RunFilter, source: Pick<RunsSource, 'listsDurations'>): Window<Run> {
  const argument = durationBound(bounds);
  const { createdAfter, createdBefore, ...others } = bounds;
  return {
    span: { from: createdAfter, to: createdBefore },
    isEmpty: isContradiction(bounds),
    isSparse: Object.keys(others).length > 0,
    matches: (run) => isSelected(run, bounds),
    ...(argument !== undefined && { check: (runs) => checkDurations(runs, source, argument) }),
  };
}
