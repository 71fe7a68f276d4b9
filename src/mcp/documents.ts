import type { McpActivityFragment, McpRowFragment, McpStepFragment } from './__generated__/graphql.ts';
import { documentOf } from './tool.ts';

export type Step = McpStepFragment;
/** A row of a run, and what it has done if that was read. */
export type Row = McpRowFragment & Partial<McpActivityFragment>;

// Aliases are the keys in results. `tool-result.ts` makes an `age` from a time, and `seconds` from nanoseconds.
const RUN = `
fragment McpRun on Run {
  id state: outcome status stopReason createdAt age: createdAt seconds: totalDurationNs why: failure { code message }
}`;
const ROW = `
fragment McpRow on Run { ...McpRun agent { id name } }${RUN}`;
/** What a run has done so far. */
const ACTIVITY = `
fragment McpActivity on Run { usage { stepCount } lastMessage: messages(last: 1) { nodes { createdAt: date age: date } } }`;
/** Which messages a run has, and what it goes on with. */
const CONTEXT = `
fragment McpContext on Run {
  ...McpActivity
  state: outcome
  requestConfig { includeReturnMessageTypes }
  continues { id }
  turn { runs { id messages(first: 1, types: [USER_MESSAGE]) { nodes { age: date ... on RunUserMessage { text } } } } }
}${ACTIVITY}`;

export const LIST_RUNS = documentOf<'McpListRuns'>(`query McpListRuns(
  $first: Int! $after: String $order: SortOrder $outcomes: [RunOutcome!] $stopReasons: [StopReason!]
  $agentId: ID $conversationId: ID $inDefaultConversation: Boolean
  $createdAfter: DateTime $createdBefore: DateTime $minDurationNs: Nanoseconds
  $named: [ID!]! $isUnfinished: Boolean!
) {
  runs(
    first: $first after: $after order: $order outcomes: $outcomes stopReasons: $stopReasons
    agentId: $agentId conversationId: $conversationId inDefaultConversation: $inDefaultConversation
    createdAfter: $createdAfter createdBefore: $createdBefore minDurationNs: $minDurationNs
  ) {
    nodes { ...McpRow ...McpActivity @include(if: $isUnfinished) }
    pageInfo { hasNextPage }
  }
  named: nodes(ids: $named) { id }
}${ROW}${ACTIVITY}`);

export const EXPLAIN_RUN = documentOf<'McpExplainRun'>(`query McpExplainRun($id: ID!, $steps: Int!) {
  run(id: $id) {
    ...McpRow
    ...McpContext
    conversationId
    why: failure { source step { index errorType } toolError { toolName message } }
    pause: approval {
      state requestedAt age: requestedAt toolCalls { toolCallId name arguments asks }
      decisions { toolCallId approve reason } answeredBy { id }
    }
    usage { totalTokens }
    cost { amount currency isComplete }
    steps(last: $steps) { nodes { ...McpStep } pageInfo { hasPreviousPage } }
  }
}
fragment McpStep on RunStep { index tools: toolNames status stopReason errorType model totalTokens }${ROW}${CONTEXT}`);

export const MESSAGES = documentOf<'McpMessages'>(`query McpMessages(
  $id: ID! $ofRun: Boolean! $isFirst: Boolean! $first: Int $after: String $last: Int $before: String
) {
  run(id: $id) @include(if: $ofRun) {
    ...McpContext @include(if: $isFirst)
    messages(first: $first, after: $after, last: $last, before: $before) { ...McpMessagePage }
  }
  conversation(id: $id) @skip(if: $ofRun) {
    agent { id name }
    summary
    messages(first: $first, after: $after, last: $last, before: $before) { ...McpMessagePage nodes { runId } }
  }
}
fragment McpMessagePage on RunMessageConnection {
  nodes {
    id type: messageType createdAt: date age: date isError
    ... on RunContentMessage { text }
    ... on RunReasoningMessage { reasoning }
    ... on RunSummaryMessage { summary }
    ... on RunToolCallMessage { toolCalls { name arguments } }
    ... on RunApprovalRequestMessage { toolCalls { name arguments } }
    ... on RunApprovalResponseMessage { approvals { approve reason } toolReturns { ...McpReturn } }
    ... on RunToolReturnMessage { toolReturns { ...McpReturn } }
  }
  pageInfo { hasNextPage hasPreviousPage }
}
fragment McpReturn on RunToolReturn { status content stderr }${CONTEXT}`);

export const CONVERSATIONS = documentOf<'McpConversations'>(`query McpConversations(
  $first: Int! $after: String $order: SortOrder $agentId: ID $search: String $named: [ID!]!
) {
  conversations(first: $first, after: $after, order: $order, agentId: $agentId, summarySearch: $search) {
    nodes { id summary agent { id name } createdAt age: createdAt lastMessageAge: lastMessageAt }
    pageInfo { hasNextPage }
  }
  named: nodes(ids: $named) { id }
}`);

export const STATS = documentOf<'McpStats'>(`query McpStats(
  $agentId: ID $createdAfter: DateTime $createdBefore: DateTime $timezone: String $unit: TimeUnit! $named: [ID!]!
  $byStatus: Boolean! $byAgent: Boolean! $groups: Int! $overTime: Boolean! $withCost: Boolean!
  $byFailure: Boolean! $failures: Int!
) {
  runStats(agentId: $agentId, createdAfter: $createdAfter, createdBefore: $createdBefore) {
    runs: count { ...McpCount }
    failed { ...McpCount }
    durations { p50Seconds: p50 p95Seconds: p95 maxSeconds: max }
    status: byOutcome @include(if: $byStatus) { state: outcome runs: count { ...McpCount } }
    stopReasons: byStopReason @include(if: $byStatus) { stopReason runs: count { ...McpCount } }
    agent: byAgent(first: $groups) @include(if: $byAgent) {
      agent { id name } runs: count { ...McpCount } failed durations { p50Seconds: p50 p95Seconds: p95 }
    }
    time: overTime(by: $unit, timezone: $timezone) @include(if: $overTime) {
      from runs: count { ...McpCount } failed durations { p50Seconds: p50 }
    }
    failure: byFailure(first: $groups, runs: $failures) @include(if: $byFailure) {
      code message runs: count { ...McpCount } newestAge: lastAt oldestAge: firstAt newestRun { id } agentCount agents { id name }
    }
    ofFailures: byFailureRunCount(runs: $failures) @include(if: $byFailure) { ...McpCount }
    tokens(first: 1000) @include(if: $withCost) { totalTokens ofRuns: runCount { ...McpCount } }
    cost(first: 1000) @include(if: $withCost) { amount currency isComplete }
  }
  named: nodes(ids: $named) { id }
}
fragment McpCount on RunCount { value precision }`);

export const WAIT = documentOf<'McpWait'>(
  `subscription McpWait($id: ID!) { runUpdates(id: $id) { ...McpRow ...McpActivity } }${ROW}${ACTIVITY}`,
);

export const AGENTS =
  documentOf<'McpAgents'>(`query McpAgents($first: Int!, $after: String, $order: SortOrder, $search: String) {
  agents(first: $first, after: $after, order: $order, search: $search) {
    nodes { id name description model createdAt age: createdAt runs(first: 1) { nodes { ...McpRun } } }
    pageInfo { hasNextPage }
  }
}${RUN}`);

export const PENDING =
  documentOf<'McpPending'>(`query McpPending($first: Int!, $after: String, $agentIds: [ID!], $named: [ID!]!) {
  pendingApprovals(first: $first, after: $after, agentIds: $agentIds) {
    nodes {
      id
      agent { id name }
      pause: approval { isAnswerSent requestedAt age: requestedAt toolCalls { toolCallId name arguments asks } }
    }
    isComplete
    endCursor
  }
  named: nodes(ids: $named) { id }
}`);

export const CANCEL = documentOf<'McpCancel'>(`mutation McpCancel($ids: [ID!]!, $denyApprovalsOf: [ID!]) {
  cancelRuns(ids: $ids, denyApprovalsOf: $denyApprovalsOf) {
    runs { id state: outcome }
    failures { runId code message otherRunId }
    denied { id }
  }
}`);

export const ANSWER =
  documentOf<'McpAnswer'>(`mutation McpAnswer($runId: ID!, $answers: [ApprovalAnswerInput!]!) {
  answerApproval(runId: $runId, answers: $answers) {
    run { id state: outcome }
    isProven
    failure { code message pendingToolCallIds }
  }
}`);
