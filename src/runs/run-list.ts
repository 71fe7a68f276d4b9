import { ArgumentError } from '../errors/gateway-error.ts';
import type { FilterOf } from '../lists/filters.ts';
import type { ListDefinition } from '../lists/list.ts';
import type { Order } from '../lists/position.ts';
import { BOOLEAN, FLAG, idOf, listOf, oneOf, type RowFilter } from './argument-types.ts';
import { IDS } from './ids.ts';
import { DEFAULT_LIST_ROWS, MAX_FILTERED_AGENTS, MAX_LIST_ROWS } from './limits.ts';
import { ACTIVE_STATUSES } from './outcomes.ts';
import { type Run, positionOf } from './run.ts';

/**
 * The filters of a list of runs, by the names of their GraphQL arguments and in their order. Arguments,
 * request URLs, page checks and batching keys are derived from this table.
 */
export const RUN_FILTERS = {
  statuses: filter({
    parameter: 'statuses',
    argument: listOf(oneOf('status')),
    description: 'Only runs with one of these statuses. Cannot be combined with `active`.',
    matches: (run, statuses) => includes(statuses, run.status),
  }),
  active: filter({
    parameter: 'active',
    argument: FLAG,
    description:
      'If true, only runs that are CREATED or RUNNING. False has no effect. Cannot be combined with `statuses`.',
    contradicts: 'statuses',
    matches: (run, _active: true) => includes(ACTIVE_STATUSES, run.status),
  }),
  stopReason: filter({
    parameter: 'stop_reason',
    argument: oneOf('stop_reason'),
    description: 'Only runs that ended for this reason (REST: `stop_reason`).',
    matches: (run, reason) => run.stopReason === reason,
  }),
  agentId: filter({
    parameter: 'agent_id',
    argument: idOf('agent'),
    description: 'Only runs of this agent (REST: `agent_id`).',
    contradicts: 'agentIds',
    isFixed: true,
    matches: (run, id) => run.agentId === id,
  }),
  agentIds: filter({
    parameter: 'agent_ids',
    argument: listOf(idOf('agent'), MAX_FILTERED_AGENTS),
    description: `Only runs of these agents, at most ${MAX_FILTERED_AGENTS} (REST: \`agent_ids\`). Cannot be combined with \`agentId\`.`,
    deprecationReason:
      'Deprecated in REST. For one agent use `agentId`; for several, select `runs(agentId: …)` once per agent under aliases.',
    isFixed: true,
    matches: (run, ids) => ids.includes(run.agentId),
  }),
  conversationId: filter({
    parameter: 'conversation_id',
    argument: idOf('conversation'),
    description: 'Only runs of this conversation (REST: `conversation_id`).',
    isFixed: true,
    matches: (run, id) => run.conversationId === id,
  }),
  background: filter({
    parameter: 'background',
    argument: BOOLEAN,
    description: 'If true, only runs in background mode; if false, only runs that are not.',
    isFixed: true,
    matches: (run, background) => run.background === background,
  }),
} as const;

/**
 * The filters of one list. They are combined with AND, the values of one filter with OR. Contradictory
 * filters (`active` with `statuses`) have been rejected before.
 */
export type RunFilter = FilterOf<typeof RUN_FILTERS>;

/** The list of runs, sorted by time of creation, ties by id. */
export const RUN_LIST = {
  name: 'runs',
  noun: 'run',
  path: 'v1/runs/',
  positionOf,
  cursors: IDS.run,
  filters: RUN_FILTERS,
  longFilter: 'agentIds',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
} as const satisfies ListDefinition<Run>;

/** Returns the filters that a run matches for good or never: all but status and stop reason. */
export function fixedFilters(conditions: RunFilter): RunFilter {
  const table: Readonly<Record<string, { readonly isFixed?: true }>> = RUN_FILTERS;
  return Object.fromEntries(Object.entries(conditions).filter(([name]) => table[name]?.isFixed));
}

/** Reads the order of a list. REST ignores one of two contradictory parameters. @throws ArgumentError */
export function readRunOrder({
  order,
  ascending,
}: {
  readonly order?: Order | null | undefined;
  readonly ascending?: boolean | null | undefined;
}): Order {
  if (ascending === true && order === 'desc') {
    const why = 'ascending: true contradicts order: DESC; omit ascending, which is deprecated';
    throw new ArgumentError('ascending', `ascending and order: ${why}`);
  }
  return order ?? (ascending === true ? 'asc' : 'desc');
}

/** Lets the compiler check that runs are matched with the values that the argument reads. */
function filter<Input, Value>(row: RowFilter<Run, Input, Value>): RowFilter<Run, Input, Value> {
  return row;
}

export function includes(values: readonly string[], value: string | null): boolean {
  return value !== null && values.includes(value);
}
