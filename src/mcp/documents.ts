import type * as Types from './__generated__/graphql.ts';

/** The text of an operation. The types of its variables and of its data are for the compiler only. */
export interface Document<Data, Variables> {
  readonly text: string;
  readonly types?: (variables: Variables) => Data;
}

export type Row = Types.McpRowFragment;
export type Step = Types.McpStepFragment;
export type Message = NonNullable<NonNullable<Types.McpMessagesQuery['run']>['messages']>['nodes'][number];
export type Count = Types.McpCountFragment;

const ROW = `
fragment McpRow on Run {
  id
  outcome
  stopReason
  createdAt
  totalDurationNs
  agentId
  agent { name }
  failure { message code }
}`;

const COUNT = `
fragment McpCount on RunCount {
  value
  precision
}`;

const CALLS = `
fragment McpCall on RunToolCall {
  name
  arguments
}
fragment McpReturn on RunToolReturn {
  status
  content
  stderr
}`;

export const LIST_RUNS: Document<Types.McpListRunsQuery, Types.McpListRunsQueryVariables> = {
  text: `query McpListRuns(
  $first: Int!
  $after: String
  $outcomes: [RunOutcome!]
  $stopReasons: [StopReason!]
  $agentId: ID
  $conversationId: ID
  $createdAfter: DateTime
  $minDurationNs: Nanoseconds
) {
  runs(
    first: $first
    after: $after
    outcomes: $outcomes
    stopReasons: $stopReasons
    agentId: $agentId
    conversationId: $conversationId
    createdAfter: $createdAfter
    minDurationNs: $minDurationNs
  ) {
    nodes { ...McpRow }
    pageInfo { hasNextPage }
  }
}
${ROW}`,
};

export const EXPLAIN_RUN: Document<Types.McpExplainRunQuery, Types.McpExplainRunQueryVariables> = {
  text: `query McpExplainRun($id: ID!, $steps: Int!) {
  run(id: $id) {
    ...McpRow
    conversationId
    failure {
      source
      step { index errorType }
      toolError { toolName message }
    }
    approval {
      state
      requestedAt
      toolCalls { toolCallId name arguments asks }
      answeredBy { id }
    }
    usage { totalTokens stepCount }
    cost { amount currency isComplete }
    steps(last: $steps) {
      nodes { ...McpStep }
      pageInfo { hasPreviousPage }
    }
    messages(last: 1) { nodes { date } }
  }
}
fragment McpStep on RunStep {
  index
  status
  stopReason
  errorType
  model
  totalTokens
  toolNames
}
${ROW}`,
};

export const MESSAGES: Document<Types.McpMessagesQuery, Types.McpMessagesQueryVariables> = {
  text: `query McpMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  run(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id
        messageType
        date
        isError
        ... on RunContentMessage { text }
        ... on RunReasoningMessage { reasoning }
        ... on RunSummaryMessage { summary }
        ... on RunToolCallMessage { toolCalls { ...McpCall } }
        ... on RunApprovalRequestMessage { toolCalls { ...McpCall } }
        ... on RunApprovalResponseMessage {
          approvals { approve reason }
          toolReturns { ...McpReturn }
        }
        ... on RunToolReturnMessage { toolReturns { ...McpReturn } }
      }
      pageInfo { hasNextPage hasPreviousPage }
    }
  }
}
${CALLS}`,
};

export const STATS: Document<Types.McpStatsQuery, Types.McpStatsQueryVariables> = {
  text: `query McpStats(
  $agentId: ID
  $createdAfter: DateTime
  $createdBefore: DateTime
  $byStatus: Boolean!
  $byAgent: Boolean!
  $overTime: Boolean!
  $unit: TimeUnit!
  $timezone: String
  $withCost: Boolean!
) {
  runStats(agentId: $agentId, createdAfter: $createdAfter, createdBefore: $createdBefore) {
    count { ...McpCount }
    failed { ...McpCount }
    durations { p50 p95 max }
    byOutcome @include(if: $byStatus) { outcome count { ...McpCount } }
    byStopReason @include(if: $byStatus) { rawStopReason count { ...McpCount } }
    byAgent(first: 50) @include(if: $byAgent) {
      agent { id name }
      count { ...McpCount }
      failed
      durations { p50 p95 }
    }
    overTime(by: $unit, timezone: $timezone) @include(if: $overTime) {
      from
      count { ...McpCount }
      failed
      durations { p50 }
    }
    tokens(first: 1000) @include(if: $withCost) { totalTokens runCount { ...McpCount } }
    cost(first: 1000) @include(if: $withCost) { amount currency isComplete }
  }
}
${COUNT}`,
};

export const WAIT: Document<Types.McpWaitSubscription, Types.McpWaitSubscriptionVariables> = {
  text: `subscription McpWait($id: ID!) {
  runUpdates(id: $id) { ...McpRow }
}
${ROW}`,
};

export const AGENTS: Document<Types.McpAgentsQuery, Types.McpAgentsQueryVariables> = {
  text: `query McpAgents($first: Int!, $after: String, $search: String) {
  agents(first: $first, after: $after, search: $search) {
    nodes { id name description model lastRunCompletedAt lastStopReason }
    pageInfo { hasNextPage }
  }
}`,
};

export const PENDING: Document<Types.McpPendingQuery, Types.McpPendingQueryVariables> = {
  text: `query McpPending($first: Int!, $after: String, $agentIds: [ID!]) {
  pendingApprovals(first: $first, after: $after, agentIds: $agentIds) {
    nodes {
      id
      agentId
      agent { name }
      approval { requestedAt toolCalls { toolCallId name arguments asks } }
    }
    isComplete
    endCursor
  }
}`,
};

export const CANCEL: Document<Types.McpCancelMutation, Types.McpCancelMutationVariables> = {
  text: `mutation McpCancel($ids: [ID!]!, $denyApprovalsOf: [ID!]) {
  cancelRuns(ids: $ids, denyApprovalsOf: $denyApprovalsOf) {
    runs { id outcome }
    failures { runId code message otherRunId }
    denied { id }
  }
}`,
};

export const ANSWER: Document<Types.McpAnswerMutation, Types.McpAnswerMutationVariables> = {
  text: `mutation McpAnswer($runId: ID!, $answers: [ApprovalAnswerInput!]!) {
  answerApproval(runId: $runId, answers: $answers) {
    run { id outcome }
    isProven
    failure { code message pendingToolCallIds }
  }
}`,
};
