import { ACTIVE_STATUSES, OUTCOMES, type RunOutcome } from './outcomes.ts';
import { enumValues } from './run-enums.ts';
import type { RunFilter } from './run-filters.ts';

/** Outcomes in the order in which their lists are read: a run only changes to an outcome of a later stage. */
const STAGES = [['unfinished'], ['paused'], ['failed', 'cut_short', 'cancelled']] as const;

/**
 * Returns the filters of the lists that have the runs with some outcomes, and what these lists are searched for: one list
 * by status, and one for each stop reason. The API has no filter for runs without a stop reason, so those that have
 * succeeded are searched among all with their statuses.
 *
 * @param sent the filters of these runs that the API has
 * @param bounds the others, without the outcomes
 */
export function listsOf(
  outcomes: readonly RunOutcome[],
  sent: RunFilter,
  bounds: RunFilter,
): { readonly stages: readonly (readonly RunFilter[])[]; readonly bounds: RunFilter } {
  const { active, statuses: given = active && ACTIVE_STATUSES, ...others } = sent;
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
  if (isSearched) return { stages: [filtersOf(outcomes)], bounds: { ...bounds, outcomes } };
  return { stages: STAGES.map(filtersOf), bounds };
}
