import { type FilterOf, keyOfFilter } from '../lists/filters.ts';
import {
  BOOLEAN,
  FLAG,
  idOf,
  INSTANT,
  listOf,
  oneOf,
  type RowArgument,
  type RowFilter,
} from './argument-types.ts';
import { NANOSECONDS } from './duration.ts';
import { MAX_FILTERED_AGENTS, MAX_METADATA_FILTERS } from './limits.ts';
import { matchesMetadata, METADATA } from './metadata-filter.ts';
import { ACTIVE_STATUSES, outcomeOf } from './outcomes.ts';
import type { Run } from './run.ts';

/** Bounds of time cost little, since the upstream can seek them; another search may take the whole scan budget. */
const TIME = { argument: INSTANT, weight: 20 };
export const SPARSE = { weight: 250 };
const DURATION = { ...SPARSE, argument: NANOSECONDS };
const SCANNED =
  'The runs API has no such filter, so its list is read until enough runs match, at most `SCAN_BUDGET` rows.';
const DATES = 'A date, such as `2026-01-31`, is the start of that day in UTC.';
const DURATIONS = `Nanoseconds, or an ISO 8601 duration, such as \`PT1M\` or \`P1DT12H\` (a day has 24 hours). Runs without a \`totalDurationNs\` match neither. ${SCANNED}`;

/**
 * The filters of a list of runs, by the names of their GraphQL arguments and in their order. Those with a parameter are
 * sent to the runs API; the list is searched for the others. Arguments, addresses, checks of pages and batching keys are
 * derived from this table. Instants are in the format of `instantOf`.
 */
export const RUN_FILTERS = {
  statuses: listed({
    parameter: 'statuses',
    argument: listOf(oneOf('status')),
    description: 'Only runs with one of these statuses. Cannot be combined with `active`.',
    matches: (run, statuses) => includes(statuses, run.status),
  }),
  active: listed({
    parameter: 'active',
    argument: FLAG,
    description:
      'If true, only runs that are CREATED or RUNNING. False has no effect. Cannot be combined with `statuses`.',
    contradicts: 'statuses',
    matches: (run, _active: true) => includes(ACTIVE_STATUSES, run.status),
  }),
  stopReason: listed({
    parameter: 'stop_reason',
    argument: oneOf('stop_reason'),
    description:
      'Only runs that ended for this reason (REST: `stop_reason`). Letta often stores none with runs whose model provider failed; `failure { code }` names these.',
    matches: (run, reason) => run.stopReason === reason,
  }),
  agentId: listed({
    parameter: 'agent_id',
    argument: idOf('agent'),
    description: 'Only runs of this agent (REST: `agent_id`).',
    contradicts: 'agentIds',
    isFixed: true,
    matches: (run, id) => run.agentId === id,
  }),
  agentIds: listed({
    parameter: 'agent_ids',
    argument: listOf(idOf('agent'), MAX_FILTERED_AGENTS),
    description: `Only runs of these agents, at most ${MAX_FILTERED_AGENTS} (REST: \`agent_ids\`). Cannot be combined with \`agentId\`.`,
    deprecationReason:
      'Deprecated in REST. For one agent use `agentId`; for several, select `runs(agentId: …)` once per agent under aliases.',
    isFixed: true,
    matches: (run, ids) => ids.includes(run.agentId),
  }),
  conversationId: listed({
    parameter: 'conversation_id',
    argument: idOf('conversation'),
    description: 'Only runs of this conversation (REST: `conversation_id`).',
    isFixed: true,
    matches: (run, id) => run.conversationId === id,
  }),
  background: listed({
    parameter: 'background',
    argument: BOOLEAN,
    description: 'If true, only runs in background mode; if false, only runs that are not.',
    isFixed: true,
    matches: (run, background) => run.background === background,
  }),
  outcomes: searched({
    ...SPARSE,
    argument: listOf(oneOf('outcome')),
    description: `Only runs with one of these outcomes. They are read from the lists of their statuses and stop reasons, so that a few failures are found among any number of other runs. For SUCCEEDED the list of all COMPLETED runs is read until enough runs match, at most \`SCAN_BUDGET\` rows.`,
    matches: (run, outcomes) => includes(outcomes, outcomeOf(run)),
  }),
  notStatuses: searched({
    ...SPARSE,
    argument: listOf(oneOf('status')),
    description: `Only runs with none of these statuses. ${SCANNED}`,
    matches: (run, statuses) => !includes(statuses, run.status),
  }),
  stopReasons: searched({
    ...SPARSE,
    argument: listOf(oneOf('stop_reason')),
    description: `Only runs that ended for one of these reasons. Cannot be combined with \`stopReason\`. ${SCANNED} For a single reason it has one.`,
    contradicts: 'stopReason',
    matches: (run, reasons) => includes(reasons, run.stopReason),
  }),
  notStopReasons: searched({
    ...SPARSE,
    argument: listOf(oneOf('stop_reason')),
    description: `Only runs that ended for none of these reasons, or have no stop reason. ${SCANNED}`,
    matches: (run, reasons) => !includes(reasons, run.stopReason),
  }),
  createdAfter: searched({
    ...TIME,
    description: `Only runs created at this instant or later. ${DATES}`,
    matches: (run, instant) => run.createdInstant >= instant,
  }),
  createdBefore: searched({
    ...TIME,
    description: `Only runs created before this instant, which is not included. ${DATES}`,
    matches: (run, instant) => run.createdInstant < instant,
  }),
  minDurationNs: searched({
    ...DURATION,
    description: `Only runs that took at least this long, by \`totalDurationNs\`. ${DURATIONS}`,
    matches: (run, ns) => run.totalDurationNs !== null && run.totalDurationNs >= ns,
  }),
  maxDurationNs: searched({
    ...DURATION,
    description: `Only runs that took at most this long, by \`totalDurationNs\`. ${DURATIONS}`,
    matches: (run, ns) => run.totalDurationNs !== null && run.totalDurationNs <= ns,
  }),
  metadata: searched({
    ...SPARSE,
    argument: listOf(METADATA, MAX_METADATA_FILTERS),
    description: `Only runs whose \`metadata\` meet all of these conditions, at most ${MAX_METADATA_FILTERS}. ${SCANNED}`,
    matches: (run, filters) => matchesMetadata(run.metadata, filters),
  }),
  inDefaultConversation: searched({
    ...SPARSE,
    argument: FLAG,
    description: `If true, only runs of the default conversations of their agents. False has no effect. Cannot be combined with \`conversationId\`. ${SCANNED}`,
    contradicts: 'conversationId',
    matches: (run, _is: true) => run.conversationId === null,
  }),
} as const;

/**
 * Which runs a list has. Filters are combined with AND, the values of one filter with OR. Contradictory filters (`active`
 * with `statuses`) have been rejected before.
 */
export type RunFilter = FilterOf<typeof RUN_FILTERS>;

/** Returns a key that is equal only for equal filters. */
export function runFilterKey(filter: RunFilter): string {
  return keyOfFilter(RUN_FILTERS, filter);
}

/** Whether a run, in its present state, matches a filter. */
export function isSelected(run: Run, filter: RunFilter): boolean {
  // oxlint-disable-next-line typescript/no-explicit-any -- The value of a filter goes to its own check.
  const table: Readonly<Record<string, { matches: (run: Run, value: any) => boolean }>> = RUN_FILTERS;
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || table[name]?.matches(run, value),
  );
}

/** Lets the compiler check that runs are matched with the values that the argument reads. */
function listed<Input, Value>(row: RowFilter<Run, Input, Value>): RowFilter<Run, Input, Value> {
  return row;
}

function searched<Input, Value>(row: RowArgument<Run, Input, Value>): RowArgument<Run, Input, Value> {
  return row;
}

function includes(values: readonly string[], value: string | null): boolean {
  return value !== null && values.includes(value);
}
