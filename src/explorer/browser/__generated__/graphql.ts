/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export const CancelRunFailureCode = {
  AlreadyEnded: 'ALREADY_ENDED',
  Forbidden: 'FORBIDDEN',
  NotCancelled: 'NOT_CANCELLED',
  NotFound: 'NOT_FOUND',
  OutcomeUnknown: 'OUTCOME_UNKNOWN',
  RateLimited: 'RATE_LIMITED',
  Unauthenticated: 'UNAUTHENTICATED',
  UpstreamError: 'UPSTREAM_ERROR',
  UpstreamInvalidResponse: 'UPSTREAM_INVALID_RESPONSE',
  UpstreamRejected: 'UPSTREAM_REJECTED',
  UpstreamTimeout: 'UPSTREAM_TIMEOUT',
  UpstreamUnavailable: 'UPSTREAM_UNAVAILABLE'
} as const;

export type CancelRunFailureCode = typeof CancelRunFailureCode[keyof typeof CancelRunFailureCode];
export const MessageType = {
  ApprovalRequestMessage: 'APPROVAL_REQUEST_MESSAGE',
  ApprovalResponseMessage: 'APPROVAL_RESPONSE_MESSAGE',
  AssistantMessage: 'ASSISTANT_MESSAGE',
  EventMessage: 'EVENT_MESSAGE',
  HiddenReasoningMessage: 'HIDDEN_REASONING_MESSAGE',
  ReasoningMessage: 'REASONING_MESSAGE',
  SummaryMessage: 'SUMMARY_MESSAGE',
  SystemMessage: 'SYSTEM_MESSAGE',
  ToolCallMessage: 'TOOL_CALL_MESSAGE',
  ToolReturnMessage: 'TOOL_RETURN_MESSAGE',
  Unrecognized: 'UNRECOGNIZED',
  UserMessage: 'USER_MESSAGE'
} as const;

export type MessageType = typeof MessageType[keyof typeof MessageType];
export type MetadataFilter = {
  readonly equals?: unknown;
  readonly exists?: boolean | null | undefined;
  readonly path: string;
};

export const RunCountPrecision = {
  AtLeast: 'AT_LEAST',
  Exact: 'EXACT'
} as const;

export type RunCountPrecision = typeof RunCountPrecision[keyof typeof RunCountPrecision];
export const RunEventKind = {
  Added: 'ADDED',
  Removed: 'REMOVED',
  Updated: 'UPDATED'
} as const;

export type RunEventKind = typeof RunEventKind[keyof typeof RunEventKind];
export const RunHiddenReasoningState = {
  Omitted: 'OMITTED',
  Redacted: 'REDACTED',
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunHiddenReasoningState = typeof RunHiddenReasoningState[keyof typeof RunHiddenReasoningState];
export const RunStatus = {
  Cancelled: 'CANCELLED',
  Completed: 'COMPLETED',
  Created: 'CREATED',
  Failed: 'FAILED',
  Running: 'RUNNING',
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunStatus = typeof RunStatus[keyof typeof RunStatus];
export const RunStepStatus = {
  Cancelled: 'CANCELLED',
  Failed: 'FAILED',
  Pending: 'PENDING',
  Success: 'SUCCESS',
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunStepStatus = typeof RunStepStatus[keyof typeof RunStepStatus];
export const RunToolReturnStatus = {
  Error: 'ERROR',
  Success: 'SUCCESS',
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunToolReturnStatus = typeof RunToolReturnStatus[keyof typeof RunToolReturnStatus];
export const StopReason = {
  Cancelled: 'CANCELLED',
  ContextWindowOverflowInSystemPrompt: 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT',
  EndTurn: 'END_TURN',
  Error: 'ERROR',
  InsufficientCredits: 'INSUFFICIENT_CREDITS',
  InvalidLlmResponse: 'INVALID_LLM_RESPONSE',
  InvalidToolCall: 'INVALID_TOOL_CALL',
  LlmApiError: 'LLM_API_ERROR',
  MaxSteps: 'MAX_STEPS',
  MaxTokensExceeded: 'MAX_TOKENS_EXCEEDED',
  NoToolCall: 'NO_TOOL_CALL',
  RequiresApproval: 'REQUIRES_APPROVAL',
  ToolRule: 'TOOL_RULE',
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type StopReason = typeof StopReason[keyof typeof StopReason];
export const TimeUnit = {
  Day: 'DAY',
  Hour: 'HOUR',
  Week: 'WEEK'
} as const;

export type TimeUnit = typeof TimeUnit[keyof typeof TimeUnit];
export type ExplorerAgentsQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type ExplorerAgentsQuery = { readonly agents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string | null }> } | null };

export type ExplorerAgentNamesQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type ExplorerAgentNamesQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly name: string | null }
    | Record<PropertyKey, never>
   | null> };

export type ExplorerCancelRunsMutationVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type ExplorerCancelRunsMutation = { readonly cancelRuns: { readonly runs: ReadonlyArray<ExplorerRowFragment | null>, readonly failures: ReadonlyArray<{ readonly runId: string, readonly code: CancelRunFailureCode, readonly message: string }> } | null };

export type ExplorerRunUpdatesSubscriptionVariables = Exact<{
  id: string;
}>;


export type ExplorerRunUpdatesSubscription = { readonly runUpdates: { readonly id: string, readonly status: RunStatus } | null };

export type ExplorerMessagesFragment = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'RunApprovalRequestMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<ExplorerCallFragment> }
    | { readonly __typename: 'RunApprovalResponseMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly approvals: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<ExplorerResultFragment> }
    | { readonly __typename: 'RunAssistantMessage', readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
        | { readonly __typename: 'RunImagePart' }
        | { readonly __typename: 'RunTextPart' }
        | { readonly __typename: 'RunUnrecognizedPart' }
      > }
    | { readonly __typename: 'RunEventMessage', readonly eventType: string | null, readonly eventData: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly __typename: 'RunHiddenReasoningMessage', readonly state: RunHiddenReasoningState | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly __typename: 'RunReasoningMessage', readonly reasoning: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly __typename: 'RunSummaryMessage', readonly summary: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly __typename: 'RunSystemMessage', readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
        | { readonly __typename: 'RunImagePart' }
        | { readonly __typename: 'RunTextPart' }
        | { readonly __typename: 'RunUnrecognizedPart' }
      > }
    | { readonly __typename: 'RunToolCallMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<ExplorerCallFragment> }
    | { readonly __typename: 'RunToolReturnMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolReturns: ReadonlyArray<ExplorerResultFragment> }
    | { readonly __typename: 'RunUnrecognizedMessage', readonly raw: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly __typename: 'RunUserMessage', readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
        | { readonly __typename: 'RunImagePart' }
        | { readonly __typename: 'RunTextPart' }
        | { readonly __typename: 'RunUnrecognizedPart' }
      > }
  >, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } };

export type ExplorerCallFragment = { readonly id: string | null, readonly name: string | null, readonly arguments: string | null };

export type ExplorerResultFragment = { readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null };

export type ExplorerRunEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  notStopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunEventsSubscription = { readonly runEvents: { readonly kind: RunEventKind, readonly runId: string, readonly cursor: string, readonly run: (
      { readonly metadata: unknown }
      & ExplorerRowFragment
    ) | null } | null };

export type ExplorerRunStatsQueryVariables = Exact<{
  by: TimeUnit;
  timezone?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  notStopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunStatsQuery = { readonly runStats: { readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly failed: { readonly value: number, readonly precision: RunCountPrecision }, readonly durations: { readonly p50: number, readonly p95: number } | null, readonly overTime: ReadonlyArray<{ readonly from: string, readonly to: string, readonly failed: number, readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly durations: { readonly p50: number, readonly p95: number } | null }> } | null };

export type ExplorerRunQueryVariables = Exact<{
  id: string;
}>;


export type ExplorerRunQuery = { readonly run: (
    { readonly steps: ExplorerStepsFragment | null, readonly messages: ExplorerMessagesFragment | null }
    & ExplorerFactsFragment
  ) | null };

export type ExplorerRunFactsQueryVariables = Exact<{
  id: string;
}>;


export type ExplorerRunFactsQuery = { readonly run: ExplorerFactsFragment | null };

export type ExplorerRunStepsQueryVariables = Exact<{
  id: string;
  last: number;
  before?: string | null | undefined;
}>;


export type ExplorerRunStepsQuery = { readonly run: { readonly steps: ExplorerStepsFragment | null } | null };

export type ExplorerRunMessagesQueryVariables = Exact<{
  id: string;
  last: number;
  before?: string | null | undefined;
}>;


export type ExplorerRunMessagesQuery = { readonly run: { readonly messages: ExplorerMessagesFragment | null } | null };

export type ExplorerFactsFragment = (
  { readonly ttftNs: number | null, readonly background: boolean | null, readonly conversationId: string | null, readonly baseTemplateId: string | null, readonly callbackUrl: string | null, readonly callbackSentAt: string | null, readonly callbackStatusCode: number | null, readonly callbackError: string | null, readonly metadata: unknown, readonly agent: { readonly name: string | null } | null, readonly metrics: { readonly startedAt: string | null, readonly durationNs: number | null } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly usage: { readonly stepCount: number, readonly totalTokens: number, readonly promptTokens: number, readonly completionTokens: number, readonly cachedInputTokens: number | null, readonly reasoningTokens: number | null, readonly byModel: ReadonlyArray<{ readonly model: string | null, readonly stepCount: number, readonly totalTokens: number }> } | null }
  & ExplorerRowFragment
);

export type ExplorerStepsFragment = { readonly nodes: ReadonlyArray<{ readonly id: string, readonly index: number | null, readonly status: RunStepStatus | null, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly model: string | null, readonly promptTokens: number | null, readonly completionTokens: number | null, readonly totalTokens: number | null, readonly errorType: string | null, readonly errorData: unknown, readonly toolNames: ReadonlyArray<string> | null, readonly timing: { readonly startedAt: string | null, readonly totalNs: number | null, readonly modelNs: number | null, readonly toolNs: number | null } | null }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } };

export type ExplorerRunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  withNames?: boolean | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  notStopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunsQuery = { readonly runs: { readonly nodes: ReadonlyArray<(
      { readonly metadata: unknown, readonly agent?: { readonly name: string | null } | null }
      & ExplorerRowFragment
    )>, readonly pageInfo: { readonly hasNextPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null };

export type ExplorerNeighborsQueryVariables = Exact<{
  id: string;
}>;


export type ExplorerNeighborsQuery = { readonly newer: { readonly nodes: ReadonlyArray<{ readonly id: string }> } | null, readonly older: { readonly nodes: ReadonlyArray<{ readonly id: string }> } | null };

export type ExplorerRowFragment = { readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ExplorerCallFragmentDoc = new TypedDocumentString(`
    fragment ExplorerCall on RunToolCall {
  id
  name
  arguments
}
    `, {"fragmentName":"ExplorerCall"}) as unknown as TypedDocumentString<ExplorerCallFragment, unknown>;
export const ExplorerResultFragmentDoc = new TypedDocumentString(`
    fragment ExplorerResult on RunToolReturn {
  toolCallId
  status
  content
  stdout
  stderr
}
    `, {"fragmentName":"ExplorerResult"}) as unknown as TypedDocumentString<ExplorerResultFragment, unknown>;
export const ExplorerMessagesFragmentDoc = new TypedDocumentString(`
    fragment ExplorerMessages on RunMessageConnection {
  nodes {
    __typename
    id
    messageType
    date
    stepId
    isError
    ... on RunContentMessage {
      text
      parts {
        __typename
      }
    }
    ... on RunReasoningMessage {
      reasoning
    }
    ... on RunHiddenReasoningMessage {
      state
    }
    ... on RunToolCallMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunApprovalRequestMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunToolReturnMessage {
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunApprovalResponseMessage {
      approvals {
        toolCallId
        approve
        reason
      }
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunSummaryMessage {
      summary
    }
    ... on RunEventMessage {
      eventType
      eventData
    }
    ... on RunUnrecognizedMessage {
      raw
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}
    fragment ExplorerCall on RunToolCall {
  id
  name
  arguments
}
fragment ExplorerResult on RunToolReturn {
  toolCallId
  status
  content
  stdout
  stderr
}`, {"fragmentName":"ExplorerMessages"}) as unknown as TypedDocumentString<ExplorerMessagesFragment, unknown>;
export const ExplorerRowFragmentDoc = new TypedDocumentString(`
    fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}
    `, {"fragmentName":"ExplorerRow"}) as unknown as TypedDocumentString<ExplorerRowFragment, unknown>;
export const ExplorerFactsFragmentDoc = new TypedDocumentString(`
    fragment ExplorerFacts on Run {
  ...ExplorerRow
  ttftNs
  background
  agent {
    name
  }
  conversationId
  baseTemplateId
  callbackUrl
  callbackSentAt
  callbackStatusCode
  callbackError
  metadata
  metrics {
    startedAt
    durationNs
  }
  cost {
    amount
    currency
    isComplete
  }
  usage {
    stepCount
    totalTokens
    promptTokens
    completionTokens
    cachedInputTokens
    reasoningTokens
    byModel {
      model
      stepCount
      totalTokens
    }
  }
}
    fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`, {"fragmentName":"ExplorerFacts"}) as unknown as TypedDocumentString<ExplorerFactsFragment, unknown>;
export const ExplorerStepsFragmentDoc = new TypedDocumentString(`
    fragment ExplorerSteps on RunStepConnection {
  nodes {
    id
    index
    status
    rawStatus
    stopReason
    model
    promptTokens
    completionTokens
    totalTokens
    errorType
    errorData
    toolNames
    timing {
      startedAt
      totalNs
      modelNs
      toolNs
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}
    `, {"fragmentName":"ExplorerSteps"}) as unknown as TypedDocumentString<ExplorerStepsFragment, unknown>;
export const ExplorerAgentsDocument = new TypedDocumentString(`
    query ExplorerAgents($search: String) {
  agents(first: 8, search: $search) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ExplorerAgentsQuery, ExplorerAgentsQueryVariables>;
export const ExplorerAgentNamesDocument = new TypedDocumentString(`
    query ExplorerAgentNames($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Agent {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ExplorerAgentNamesQuery, ExplorerAgentNamesQueryVariables>;
export const ExplorerCancelRunsDocument = new TypedDocumentString(`
    mutation ExplorerCancelRuns($ids: [ID!]!) {
  cancelRuns(ids: $ids) {
    runs {
      ...ExplorerRow
    }
    failures {
      runId
      code
      message
    }
  }
}
    fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`) as unknown as TypedDocumentString<ExplorerCancelRunsMutation, ExplorerCancelRunsMutationVariables>;
export const ExplorerRunUpdatesDocument = new TypedDocumentString(`
    subscription ExplorerRunUpdates($id: ID!) {
  runUpdates(id: $id) {
    id
    status
  }
}
    `) as unknown as TypedDocumentString<ExplorerRunUpdatesSubscription, ExplorerRunUpdatesSubscriptionVariables>;
export const ExplorerRunEventsDocument = new TypedDocumentString(`
    subscription ExplorerRunEvents($after: String, $statuses: [RunStatus!], $active: Boolean, $stopReasons: [StopReason!], $notStopReasons: [StopReason!], $agentId: ID, $conversationId: ID, $createdAfter: DateTime, $createdBefore: DateTime, $minDurationNs: Nanoseconds, $maxDurationNs: Nanoseconds, $metadata: [MetadataFilter!]) {
  runEvents(
    after: $after
    statuses: $statuses
    active: $active
    stopReasons: $stopReasons
    notStopReasons: $notStopReasons
    agentId: $agentId
    conversationId: $conversationId
    createdAfter: $createdAfter
    createdBefore: $createdBefore
    minDurationNs: $minDurationNs
    maxDurationNs: $maxDurationNs
    metadata: $metadata
  ) {
    kind
    runId
    cursor
    run {
      ...ExplorerRow
      metadata
    }
  }
}
    fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`) as unknown as TypedDocumentString<ExplorerRunEventsSubscription, ExplorerRunEventsSubscriptionVariables>;
export const ExplorerRunStatsDocument = new TypedDocumentString(`
    query ExplorerRunStats($by: TimeUnit!, $timezone: String, $statuses: [RunStatus!], $active: Boolean, $stopReasons: [StopReason!], $notStopReasons: [StopReason!], $agentId: ID, $conversationId: ID, $createdAfter: DateTime, $createdBefore: DateTime, $minDurationNs: Nanoseconds, $maxDurationNs: Nanoseconds, $metadata: [MetadataFilter!]) {
  runStats(
    statuses: $statuses
    active: $active
    stopReasons: $stopReasons
    notStopReasons: $notStopReasons
    agentId: $agentId
    conversationId: $conversationId
    createdAfter: $createdAfter
    createdBefore: $createdBefore
    minDurationNs: $minDurationNs
    maxDurationNs: $maxDurationNs
    metadata: $metadata
  ) {
    count {
      value
      precision
    }
    failed {
      value
      precision
    }
    durations {
      p50
      p95
    }
    overTime(by: $by, timezone: $timezone) {
      from
      to
      count {
        value
        precision
      }
      failed
      durations {
        p50
        p95
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ExplorerRunStatsQuery, ExplorerRunStatsQueryVariables>;
export const ExplorerRunDocument = new TypedDocumentString(`
    query ExplorerRun($id: ID!) {
  run(id: $id) {
    ...ExplorerFacts
    steps(last: 50) {
      ...ExplorerSteps
    }
    messages(last: 100) {
      ...ExplorerMessages
    }
  }
}
    fragment ExplorerMessages on RunMessageConnection {
  nodes {
    __typename
    id
    messageType
    date
    stepId
    isError
    ... on RunContentMessage {
      text
      parts {
        __typename
      }
    }
    ... on RunReasoningMessage {
      reasoning
    }
    ... on RunHiddenReasoningMessage {
      state
    }
    ... on RunToolCallMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunApprovalRequestMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunToolReturnMessage {
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunApprovalResponseMessage {
      approvals {
        toolCallId
        approve
        reason
      }
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunSummaryMessage {
      summary
    }
    ... on RunEventMessage {
      eventType
      eventData
    }
    ... on RunUnrecognizedMessage {
      raw
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}
fragment ExplorerCall on RunToolCall {
  id
  name
  arguments
}
fragment ExplorerResult on RunToolReturn {
  toolCallId
  status
  content
  stdout
  stderr
}
fragment ExplorerFacts on Run {
  ...ExplorerRow
  ttftNs
  background
  agent {
    name
  }
  conversationId
  baseTemplateId
  callbackUrl
  callbackSentAt
  callbackStatusCode
  callbackError
  metadata
  metrics {
    startedAt
    durationNs
  }
  cost {
    amount
    currency
    isComplete
  }
  usage {
    stepCount
    totalTokens
    promptTokens
    completionTokens
    cachedInputTokens
    reasoningTokens
    byModel {
      model
      stepCount
      totalTokens
    }
  }
}
fragment ExplorerSteps on RunStepConnection {
  nodes {
    id
    index
    status
    rawStatus
    stopReason
    model
    promptTokens
    completionTokens
    totalTokens
    errorType
    errorData
    toolNames
    timing {
      startedAt
      totalNs
      modelNs
      toolNs
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}
fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`) as unknown as TypedDocumentString<ExplorerRunQuery, ExplorerRunQueryVariables>;
export const ExplorerRunFactsDocument = new TypedDocumentString(`
    query ExplorerRunFacts($id: ID!) {
  run(id: $id) {
    ...ExplorerFacts
  }
}
    fragment ExplorerFacts on Run {
  ...ExplorerRow
  ttftNs
  background
  agent {
    name
  }
  conversationId
  baseTemplateId
  callbackUrl
  callbackSentAt
  callbackStatusCode
  callbackError
  metadata
  metrics {
    startedAt
    durationNs
  }
  cost {
    amount
    currency
    isComplete
  }
  usage {
    stepCount
    totalTokens
    promptTokens
    completionTokens
    cachedInputTokens
    reasoningTokens
    byModel {
      model
      stepCount
      totalTokens
    }
  }
}
fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`) as unknown as TypedDocumentString<ExplorerRunFactsQuery, ExplorerRunFactsQueryVariables>;
export const ExplorerRunStepsDocument = new TypedDocumentString(`
    query ExplorerRunSteps($id: ID!, $last: Int!, $before: String) {
  run(id: $id) {
    steps(last: $last, before: $before) {
      ...ExplorerSteps
    }
  }
}
    fragment ExplorerSteps on RunStepConnection {
  nodes {
    id
    index
    status
    rawStatus
    stopReason
    model
    promptTokens
    completionTokens
    totalTokens
    errorType
    errorData
    toolNames
    timing {
      startedAt
      totalNs
      modelNs
      toolNs
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}`) as unknown as TypedDocumentString<ExplorerRunStepsQuery, ExplorerRunStepsQueryVariables>;
export const ExplorerRunMessagesDocument = new TypedDocumentString(`
    query ExplorerRunMessages($id: ID!, $last: Int!, $before: String) {
  run(id: $id) {
    messages(last: $last, before: $before) {
      ...ExplorerMessages
    }
  }
}
    fragment ExplorerMessages on RunMessageConnection {
  nodes {
    __typename
    id
    messageType
    date
    stepId
    isError
    ... on RunContentMessage {
      text
      parts {
        __typename
      }
    }
    ... on RunReasoningMessage {
      reasoning
    }
    ... on RunHiddenReasoningMessage {
      state
    }
    ... on RunToolCallMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunApprovalRequestMessage {
      toolCalls {
        ...ExplorerCall
      }
    }
    ... on RunToolReturnMessage {
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunApprovalResponseMessage {
      approvals {
        toolCallId
        approve
        reason
      }
      toolReturns {
        ...ExplorerResult
      }
    }
    ... on RunSummaryMessage {
      summary
    }
    ... on RunEventMessage {
      eventType
      eventData
    }
    ... on RunUnrecognizedMessage {
      raw
    }
  }
  pageInfo {
    hasPreviousPage
    startCursor
  }
}
fragment ExplorerCall on RunToolCall {
  id
  name
  arguments
}
fragment ExplorerResult on RunToolReturn {
  toolCallId
  status
  content
  stdout
  stderr
}`) as unknown as TypedDocumentString<ExplorerRunMessagesQuery, ExplorerRunMessagesQueryVariables>;
export const ExplorerRunsDocument = new TypedDocumentString(`
    query ExplorerRuns($first: Int!, $after: String, $withNames: Boolean = false, $statuses: [RunStatus!], $active: Boolean, $stopReasons: [StopReason!], $notStopReasons: [StopReason!], $agentId: ID, $conversationId: ID, $createdAfter: DateTime, $createdBefore: DateTime, $minDurationNs: Nanoseconds, $maxDurationNs: Nanoseconds, $metadata: [MetadataFilter!]) {
  runs(
    first: $first
    after: $after
    statuses: $statuses
    active: $active
    stopReasons: $stopReasons
    notStopReasons: $notStopReasons
    agentId: $agentId
    conversationId: $conversationId
    createdAfter: $createdAfter
    createdBefore: $createdBefore
    minDurationNs: $minDurationNs
    maxDurationNs: $maxDurationNs
    metadata: $metadata
  ) {
    nodes {
      ...ExplorerRow
      agent @include(if: $withNames) {
        name
      }
      metadata
    }
    pageInfo {
      hasNextPage
      startCursor
      endCursor
    }
  }
}
    fragment ExplorerRow on Run {
  id
  status
  rawStatus
  stopReason
  rawStopReason
  createdAt
  completedAt
  totalDurationNs
  agentId
}`) as unknown as TypedDocumentString<ExplorerRunsQuery, ExplorerRunsQueryVariables>;
export const ExplorerNeighborsDocument = new TypedDocumentString(`
    query ExplorerNeighbors($id: String!) {
  newer: runs(last: 1, before: $id) {
    nodes {
      id
    }
  }
  older: runs(first: 1, after: $id) {
    nodes {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ExplorerNeighborsQuery, ExplorerNeighborsQueryVariables>;