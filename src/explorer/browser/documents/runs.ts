import type { Operations } from '../__generated__/graphql.ts';

/** The text of an operation. The types of its variables and of its data are for the compiler only. */
export interface Document<Data, Variables> {
  readonly text: string;
  readonly types?: (variables: Variables) => Data;
}

/** Returns the document of the operation with a name. */
export const documentOf = <Name extends keyof Operations>(
  text: string,
): Document<Operations[Name]['data'], Operations[Name]['variables']> => ({ text });

/** The arguments by which lists, events and statistics of runs are filtered, with their types. */
const FILTERS = Object.entries({
  statuses: '[RunStatus!]',
  active: 'Boolean',
  outcomes: '[RunOutcome!]',
  stopReasons: '[StopReason!]',
  agentId: 'ID',
  conversationId: 'ID',
  createdAfter: 'DateTime',
  createdBefore: 'DateTime',
  minDurationNs: 'Nanoseconds',
  maxDurationNs: 'Nanoseconds',
  metadata: '[MetadataFilter!]',
});
const DECLARED = FILTERS.map(([name, type]) => `$${name}: ${type}`).join('\n  ');
const PASSED = FILTERS.map(([name]) => `${name}: $${name}`).join('\n    ');

/** The fields of a row. */
export const ROW = `
fragment ExplorerRow on Run {
  id
  outcome
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`;

export const RUNS = documentOf<'ExplorerRuns'>(`query ExplorerRuns(
  $first: Int
  $after: String
  $last: Int
  $before: String
  $withNames: Boolean = false
  ${DECLARED}
) {
  mayWrite @include(if: $withNames)
  runs(
    first: $first
    after: $after
    last: $last
    before: $before
    ${PASSED}
  ) {
    nodes {
      ...ExplorerRow
      agent @include(if: $withNames) { name }
      failure { message }
    }
    pageInfo { hasNextPage endCursor }
    eventsCursor @include(if: $withNames)
  }
}
${ROW}`);

export const RUN_EVENTS = documentOf<'ExplorerRunEvents'>(`subscription ExplorerRunEvents(
  $after: String
  ${DECLARED}
) {
  runEvents(
    after: $after
    ${PASSED}
  ) {
    kind
    runId
    cursor
    run { ...ExplorerRow failure { message } }
  }
}
${ROW}`);

export const RUN_STATS = documentOf<'ExplorerRunStats'>(`query ExplorerRunStats(
  $by: TimeUnit!
  $timezone: String
  ${DECLARED}
) {
  runStats(
    ${PASSED}
  ) {
    count { value precision }
    failed { value precision }
    durations { p50 p95 }
    overTime(by: $by, timezone: $timezone) {
      from
      to
      count { value precision }
      failed
      durations { p50 p95 }
    }
  }
}`);

export const RUN_FAILURES = documentOf<'ExplorerFailures'>(`query ExplorerFailures(
  ${DECLARED}
) {
  runStats(
    ${PASSED}
  ) {
    byFailure {
      code
      message
      count { value precision }
      lastAt
      runs { ...ExplorerRow failure { message } }
    }
    byFailureRunCount { value precision }
  }
}
${ROW}`);

export const AGENTS = documentOf<'ExplorerAgents'>(`query ExplorerAgents($search: String) {
  agents(first: 8, search: $search) {
    nodes { id name }
  }
}`);

export const AGENT_NAMES = documentOf<'ExplorerAgentNames'>(`query ExplorerAgentNames($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Agent { id name }
  }
}`);

export const CANCEL_RUNS =
  documentOf<'ExplorerCancelRuns'>(`mutation ExplorerCancelRuns($ids: [ID!]!, $denyApprovalsOf: [ID!]) {
  cancelRuns(ids: $ids, denyApprovalsOf: $denyApprovalsOf) {
    failures { runId code message otherRunId }
  }
}`);

/** What cancelling would do; a read-only gateway has none of it. */
export const CANCEL_PREVIEW = documentOf<'ExplorerCancelPreview'>(`query ExplorerCancelPreview($ids: [ID!]!) {
  cancelPreview(ids: $ids) {
    runId
    deniedId
    failure { code message otherRunId }
  }
}`);
