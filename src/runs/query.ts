import { ACTIVE_STATUSES, type Run, type RunStatus, type StopReason } from './run.ts';

/** `desc` is newest first. */
export type RunOrder = 'asc' | 'desc';

/**
 * Which runs a list holds. Filters combine by AND, the values of an array by OR; an absent one
 * doesn't filter. Contradictions (`active` with `statuses`) are refused before they get here.
 */
export interface RunFilter {
  readonly active?: true;
  readonly agentId?: string;
  readonly agentIds?: readonly string[];
  readonly background?: boolean;
  readonly conversationId?: string;
  readonly statuses?: readonly RunStatus[];
  readonly stopReason?: StopReason;
}

const FILTER_NAMES = [
  'active',
  'agentId',
  'agentIds',
  'background',
  'conversationId',
  'statuses',
  'stopReason',
] as const satisfies readonly (keyof RunFilter)[];

const FILTERS: { readonly [Name in keyof RunFilter]-?: (run: Run, filter: RunFilter) => boolean } = {
  active: (run) => includes(ACTIVE_STATUSES, run.status),
  agentId: (run, filter) => run.agentId === filter.agentId,
  agentIds: (run, filter) => includes(filter.agentIds, run.agentId),
  background: (run, filter) => run.background === filter.background,
  conversationId: (run, filter) => run.conversationId === filter.conversationId,
  statuses: (run, filter) => includes(filter.statuses, run.status),
  stopReason: (run, filter) => run.stopReason === filter.stopReason,
};

/**
 * The names of the filters that some of these runs break; empty when all runs match. A server that
 * doesn't know a parameter ignores it, so this is how an ignored filter is noticed.
 */
export function brokenFilters(runs: readonly Run[], filter: RunFilter): readonly (keyof RunFilter)[] {
  return FILTER_NAMES.filter(
    (name) => filter[name] !== undefined && !runs.every((run) => FILTERS[name](run, filter)),
  );
}

function includes(values: readonly string[] | undefined, value: string | null): boolean {
  return value !== null && values?.includes(value) === true;
}
