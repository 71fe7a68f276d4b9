import type { McpStepFragment } from './__generated__/graphql.ts';
import { documentOf } from './tool.ts';

export type Step = McpStepFragment;

// Aliases are what answers say. An `age` is of a time, `seconds` are of nanoseconds: `answer.ts` converts them.
const ROW = `
fragment McpRow on Run {
  id state: outcome stopReason age: createdAt seconds: totalDurationNs agent { id name } why: failure { message }
}`;

export const LIST_RUNS = documentOf<'McpListRuns'>(`query McpListRuns(
  $first: Int! $after: String $outcomes: [RunOutcome!] $stopReasons: [StopReason!]
  $agentId: ID $conversationId: ID $createdAfter: DateTime $createdBefore: DateTime $minDurationNs: Nanoseconds
) {
  runs(
    first: $first after: $after outcomes: $outcomes stopReasons: $stopReasons
    agentId: $agentId conversationId: $conversationId minDurationNs: $minDurationNs
    createdAfter: $createdAfter createdBefore: $createdBefore
  ) {
    nodes { ...McpRow }
    pageInfo { hasNextPage }
  }
}${ROW}`);

export const EXPLAIN_RUN = documentOf<'McpExplainRun'>(`query McpExplainRun($id: ID!, $steps: Int!) {
  run(id: $id) {
    ...McpRow
    conversationId
    why: failure { code source step { index errorType } toolError { toolName message } }
    pause: approval { state age: requestedAt toolCalls { toolCallId name arguments asks } answeredBy { id } }
    usage { totalTokens stepCount }
    cost { amount currency isComplete }
    steps(last: $steps) { nodes { ...McpStep } pageInfo { hasPreviousPage } }
    messages(last: 1) { nodes { age: date } }
  }
}
fragment McpStep on RunStep { index tools: toolNames status stopReason errorType model totalTokens }${ROW}`);

export const MESSAGES =
  documentOf<'McpMessages'>(`query McpMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  run(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id type: messageType age: date isError
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
  }
}
fragment McpReturn on RunToolReturn { status content stderr }`);

export const STATS = documentOf<'McpStats'>(`query McpStats(
  $agentId: ID $createdAfter: DateTime $createdBefore: DateTime $timezone: String $unit: TimeUnit!
  $byStatus: Boolean! $byAgent: Boolean! $agents: Int! $overTime: Boolean! $withCost: Boolean!
) {
  runStats(agentId: $agentId, createdAfter: $createdAfter, createdBefore: $createdBefore) {
    runs: count { ...McpCount }
    failed { ...McpCount }
    durations { p50Seconds: p50 p95Seconds: p95 maxSeconds: max }
    status: byOutcome @include(if: $byStatus) { state: outcome runs: count { ...McpCount } }
    stopReasons: byStopReason @include(if: $byStatus) { stopReason runs: count { ...McpCount } }
    agent: byAgent(first: $agents) @include(if: $byAgent) {
      agent { id name } runs: count { ...McpCount } failed durations { p50Seconds: p50 p95Seconds: p95 }
    }
    time: overTime(by: $unit, timezone: $timezone) @include(if: $overTime) {
      from runs: count { ...McpCount } failed durations { p50Seconds: p50 }
    }
    tokens(first: 1000) @include(if: $withCost) { totalTokens ofRuns: runCount { ...McpCount } }
    cost(first: 1000) @include(if: $withCost) { amount currency isComplete }
  }
}
fragment McpCount on RunCount { value precision }`);

export const WAIT = documentOf<'McpWait'>(
  `subscription McpWait($id: ID!) { runUpdates(id: $id) { ...McpRow } }${ROW}`,
);

export const AGENTS =
  documentOf<'McpAgents'>(`query McpAgents($first: Int!, $after: String, $search: String) {
  agents(first: $first, after: $after, search: $search) {
    nodes { id name description model lastRunAge: lastRunCompletedAt lastStopReason }
    pageInfo { hasNextPage }
  }
}`);

export const PENDING =
  documentOf<'McpPending'>(`query McpPending($first: Int!, $after: String, $agentIds: [ID!]) {
  pendingApprovals(first: $first, after: $after, agentIds: $agentIds) {
    nodes { id agent { id name } pause: approval { age: requestedAt toolCalls { toolCallId name arguments asks } } }
    isComplete
    endCursor
  }
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
