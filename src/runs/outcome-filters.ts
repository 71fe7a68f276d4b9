import { OUTCOMES, type RunOutcome } from './outcomes.ts';
import { ACTIVE_STATUSES, enumValues } from './run-enums.ts';
import type { RunFilter } from './run-list.ts';
import type { RunSelection } from './run-selection.ts';
import type { RunWindow } from './run-window.ts';

/** How the runs of a selection are read. */
export interface RunLists {
  /** The filters of the lists that together have the runs. Runs change only to lists of later stages. */
  readonly stages: readonly (readonly RunFilter[])[];
  /** The bounds that are matched here. */
  readonly window: RunWindow;
}

/** The outcomes that a run may still lose, in turn: lists of them are read before others. */
const PASSING: readonly RunOutcome[] = ['unfinished', 'paused'];

/**
 * Returns the lists that have just the runs of some outcomes: one by status, and one for each stop reason. The API can't
 * filter by no stop reason, so runs that have succeeded are searched among all that have one of the statuses.
 */
export function listsOf({ filter, window }: RunSelection): RunLists {
  const { outcomes, ...bounds } = window;
  if (outcomes === undefined) return { stages: [[filter]], window };
  if (outcomes.includes(OUTCOMES.noStopReason)) {
    const isPossible = (outcome: RunOutcome | null): boolean =>
      outcome === null || outcomes.includes(outcome);
    const statuses = enumValues('status').filter((status) => isPossible(OUTCOMES.status[status]));
    return { stages: [both(filter, { statuses })], window };
  }
  const passing = PASSING.filter((outcome) => outcomes.includes(outcome)).map((outcome) => [outcome]);
  const stages = [...passing, outcomes.filter((outcome) => !PASSING.includes(outcome))];
  return {
    stages: stages.map((stage) => filtersOf(stage).flatMap((each) => both(filter, each))),
    window: bounds,
  };
}

type OutcomeFilter = Required<Pick<RunFilter, 'statuses'>> & Pick<RunFilter, 'stopReason'>;

function filtersOf(outcomes: readonly (RunOutcome | null)[]): readonly OutcomeFilter[] {
  const statuses = enumValues('status').filter((status) => outcomes.includes(OUTCOMES.status[status]));
  const reasons = enumValues('stop_reason').filter((reason) =>
    outcomes.includes(OUTCOMES.stopReason[reason]),
  );
  const completed = reasons.map((stopReason) => ({ statuses: ['completed'], stopReason }) as const);
  return statuses.length === 0 ? completed : [{ statuses }, ...completed];
}

/** Returns the filter for the runs that match both filters; none if there can't be any. */
function both(
  { active, statuses, stopReason, ...filter }: RunFilter,
  of: OutcomeFilter,
): readonly RunFilter[] {
  const allowed = active === true ? ACTIVE_STATUSES : statuses;
  const common = of.statuses.filter((status) => allowed?.includes(status) ?? true);
  if (common.length === 0 || (stopReason ?? of.stopReason) !== (of.stopReason ?? stopReason)) return [];
  return [{ ...filter, ...(stopReason !== undefined && { stopReason }), ...of, statuses: common }];
}
