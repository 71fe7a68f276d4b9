import { type FilterKind, type FilterOf, keyOfFilter, mismatched } from '../lists/filters.ts';
import { ACTIVE_STATUSES, type RunEnum, type RunStatus, type StopReason } from './run-enums.ts';
import type { Run } from './run.ts';

interface RunFilterKind<Value> extends FilterKind<Run, Value> {
  /** Whether a run matches the filter for good, or never will. */
  readonly isFixed: boolean;
  /** The enum that its values are of; null if none. */
  readonly values: RunEnum | null;
}

/**
 * The filters of a list of runs, by the names of their GraphQL arguments and in their order. Request
 * URLs, page checks and batching keys are derived from this table. Only the GraphQL arguments are
 * written by hand, in `schema/filter-arguments.ts`.
 */
export const RUN_FILTERS = {
  statuses: filter(
    'statuses',
    (run, statuses: readonly RunStatus[]) => includes(statuses, run.status),
    'status',
  ),
  active: filter('active', (run, _active: true) => includes(ACTIVE_STATUSES, run.status)),
  stopReason: filter('stop_reason', (run, reason: StopReason) => run.stopReason === reason, 'stop_reason'),
  agentId: fixed('agent_id', (run, id: string) => run.agentId === id),
  agentIds: fixed('agent_ids', (run, ids: readonly string[]) => ids.includes(run.agentId)),
  conversationId: fixed('conversation_id', (run, id: string) => run.conversationId === id),
  background: fixed('background', (run, background: boolean) => run.background === background),
} as const;

export type RunFilterName = keyof typeof RUN_FILTERS;

/**
 * The filters of one list. They are combined with AND, the values of one filter with OR. Contradictory
 * filters (`active` with `statuses`) have been rejected before.
 */
export type RunFilter = FilterOf<typeof RUN_FILTERS>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
export const RUN_FILTER_NAMES = Object.keys(RUN_FILTERS) as readonly RunFilterName[];

/** Returns the names of the filters that some of these runs don't match; empty if all runs match. */
export function mismatchedFilters(runs: Iterable<Run>, given: RunFilter): readonly string[] {
  return mismatched(RUN_FILTERS, runs, given);
}

/** Returns a key that is equal only for equal filters. */
export function filterKey(given: RunFilter): string {
  return keyOfFilter(RUN_FILTERS, given);
}

/** Returns those of some filters that no run comes to match later, or ceases to. */
export function fixedFilters(given: RunFilter): RunFilter {
  return Object.fromEntries(
    RUN_FILTER_NAMES.filter((name) => given[name] !== undefined && RUN_FILTERS[name].isFixed).map((name) => [
      name,
      given[name],
    ]),
  );
}

function filter<Value>(
  parameter: string,
  matches: RunFilterKind<Value>['matches'],
  values: RunEnum | null = null,
): RunFilterKind<Value> {
  return { parameter, matches, isFixed: false, values };
}

function fixed<Value>(parameter: string, matches: RunFilterKind<Value>['matches']): RunFilterKind<Value> {
  return { parameter, matches, isFixed: true, values: null };
}

function includes(values: readonly string[], value: string | null): boolean {
  return value !== null && values.includes(value);
}
