/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type ApprovalAnswerInput = {
  readonly approve: boolean;
  readonly reason?: string | null | undefined;
  readonly toolCallId: string;
};

export type ApprovalAsks =
  | 'CLIENT'
  | 'PERSON'
  | 'UNKNOWN';

export type CancelRunFailureCode =
  | 'ALREADY_ENDED'
  | 'ANSWER_INSTEAD'
  | 'FORBIDDEN'
  | 'NOT_CANCELLED'
  | 'NOT_FOUND'
  | 'OUTCOME_UNKNOWN'
  | 'RATE_LIMITED'
  | 'UNAUTHENTICATED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'WOULD_DENY_APPROVAL';

export type MessageType =
  | 'APPROVAL_REQUEST_MESSAGE'
  | 'APPROVAL_RESPONSE_MESSAGE'
  | 'ASSISTANT_MESSAGE'
  | 'EVENT_MESSAGE'
  | 'HIDDEN_REASONING_MESSAGE'
  | 'REASONING_MESSAGE'
  | 'SUMMARY_MESSAGE'
  | 'SYSTEM_MESSAGE'
  | 'TOOL_CALL_MESSAGE'
  | 'TOOL_RETURN_MESSAGE'
  | 'UNRECOGNIZED'
  | 'USER_MESSAGE';

export type MetadataFilter = {
  readonly equals?: unknown;
  readonly exists?: boolean | null | undefined;
  readonly path: string;
};

export type RunCountPrecision =
  | 'AT_LEAST'
  | 'EXACT';

export type RunEventKind =
  | 'ADDED'
  | 'REMOVED'
  | 'UPDATED';

export type RunFailureSource =
  | 'METADATA'
  | 'STEP'
  | 'STOP_REASON';

export type RunHiddenReasoningState =
  | 'OMITTED'
  | 'REDACTED'
  | 'UNRECOGNIZED';

export type RunOutcome =
  | 'CANCELLED'
  | 'CUT_SHORT'
  | 'FAILED'
  | 'PAUSED'
  | 'SUCCEEDED'
  | 'UNFINISHED'
  | 'UNRECOGNIZED';

export type RunPauseState =
  | 'ANSWERED'
  | 'DENIED_BY_CANCEL'
  | 'GONE'
  | 'PENDING'
  | 'UNKNOWN';

export type RunStatus =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'CREATED'
  | 'FAILED'
  | 'RUNNING'
  | 'UNRECOGNIZED';

export type RunStepStatus =
  | 'CANCELLED'
  | 'FAILED'
  | 'PENDING'
  | 'SUCCESS'
  | 'UNRECOGNIZED';

export type RunToolReturnStatus =
  | 'ERROR'
  | 'SUCCESS'
  | 'UNRECOGNIZED';

export type StopReason =
  | 'CANCELLED'
  | 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT'
  | 'END_TURN'
  | 'ERROR'
  | 'INSUFFICIENT_CREDITS'
  | 'INVALID_LLM_RESPONSE'
  | 'INVALID_TOOL_CALL'
  | 'LLM_API_ERROR'
  | 'MAX_STEPS'
  | 'MAX_TOKENS_EXCEEDED'
  | 'NO_TOOL_CALL'
  | 'REQUIRES_APPROVAL'
  | 'TOOL_RULE'
  | 'UNRECOGNIZED';

export type TimeUnit =
  | 'DAY'
  | 'HOUR'
  | 'MINUTE'
  | 'WEEK';

export type ExplorerCancelPreviewQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type ExplorerCancelPreviewQuery = { readonly cancelPreview: ReadonlyArray<{ readonly runId: string, readonly deniedId: string | null, readonly failure: { readonly code: CancelRunFailureCode, readonly message: string, readonly otherRunId: string | null } | null }> };

export type ExplorerAnswerMutationVariables = Exact<{
  runId: string;
  answers: ReadonlyArray<ApprovalAnswerInput> | ApprovalAnswerInput;
}>;


export type ExplorerAnswerMutation = { readonly answerApproval: { readonly isProven: boolean, readonly run: { readonly id: string } | null, readonly failure: { readonly message: string } | null } | null };

export type ExplorerRunStatsQueryVariables = Exact<{
  by: TimeUnit;
  timezone?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunStatsQuery = { readonly runStats: { readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly failed: { readonly value: number, readonly precision: RunCountPrecision }, readonly durations: { readonly p50: number, readonly p95: number } | null, readonly overTime: ReadonlyArray<{ readonly from: string, readonly to: string, readonly failed: number, readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly durations: { readonly p50: number, readonly p95: number } | null }> } | null };

export type ExplorerCancelRunsMutationVariables = Exact<{
  ids: ReadonlyArray<string> | string;
  denyApprovalsOf?: ReadonlyArray<string> | string | null | undefined;
}>;


export type ExplorerCancelRunsMutation = { readonly cancelRuns: { readonly failures: ReadonlyArray<{ readonly runId: string, readonly code: CancelRunFailureCode, readonly message: string, readonly otherRunId: string | null }> } | null };

export type ExplorerFindQueryVariables = Exact<{
  id: string;
  isConversation: boolean;
}>;


export type ExplorerFindQuery = { readonly nodes?: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null>, readonly conversation?: { readonly id: string } | null };

export type ExplorerRunsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  withNames?: boolean | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunsQuery = { readonly mayWrite?: boolean, readonly runs: { readonly eventsCursor?: string, readonly nodes: ReadonlyArray<(
      { readonly agent?: { readonly name: string | null } | null, readonly failure: { readonly message: string } | null }
      & ExplorerRowFragment
    )>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type ExplorerRowFragment = { readonly id: string, readonly outcome: RunOutcome, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string };

export type ExplorerFailuresQueryVariables = Exact<{
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  active?: boolean | null | undefined;
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerFailuresQuery = { readonly runStats: { readonly byFailure: ReadonlyArray<{ readonly code: string | null, readonly message: string, readonly lastAt: string, readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly runs: ReadonlyArray<(
        { readonly failure: { readonly message: string } | null }
        & ExplorerRowFragment
      )> }> | null, readonly byFailureRunCount: { readonly value: number, readonly precision: RunCountPrecision } } | null };

export type ExplorerPauseOfQueryVariables = Exact<{
  id: string;
}>;


export type ExplorerPauseOfQuery = { readonly run: (
    { readonly approval: ExplorerPauseFragment | null }
    & ExplorerRowFragment
  ) | null };

export type ExplorerPauseFragment = { readonly state: RunPauseState, readonly isAnswerSent: boolean, readonly reason: string | null, readonly requestedAt: string | null, readonly toolCalls: ReadonlyArray<{ readonly toolCallId: string | null, readonly name: string | null, readonly arguments: string | null, readonly asks: ApprovalAsks }>, readonly decisions: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly answeredBy: { readonly id: string } | null };

export type ExplorerConversationsQueryVariables = Exact<{
  agentId: string;
}>;


export type ExplorerConversationsQuery = { readonly agent: { readonly id: string, readonly name: string | null } | null, readonly conversations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly summary: string | null, readonly lastMessageAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null };

export type ExplorerAgentNamesQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type ExplorerAgentNamesQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly name: string | null }
    | Record<PropertyKey, never>
   | null> };

export type ExplorerConversationQueryVariables = Exact<{
  id: string;
  withStats: boolean;
  runs: number;
  runsAfter?: string | null | undefined;
  messagesBefore?: string | null | undefined;
}>;


export type ExplorerConversationQuery = { readonly mayWrite?: boolean, readonly conversation: { readonly id: string, readonly agentId: string, readonly summary: string | null, readonly createdAt: string | null, readonly lastMessageAt: string | null, readonly runStats?: { readonly count: { readonly value: number, readonly precision: RunCountPrecision }, readonly failed: { readonly value: number, readonly precision: RunCountPrecision }, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null } | null, readonly pendingApproval: (
      { readonly approval: ExplorerPauseFragment | null }
      & ExplorerRowFragment
    ) | null, readonly runs: { readonly nodes: ReadonlyArray<(
        { readonly continues: { readonly id: string } | null, readonly failure: { readonly message: string } | null }
        & ExplorerRowFragment
      )> } | null, readonly messages: ExplorerMessagesFragment | null } | null };

export type ExplorerMessagesFragment = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<ExplorerCallFragment> }
    | { readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly approvals: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<ExplorerResultFragment> }
    | { readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
        | { readonly __typename: 'RunImagePart' }
        | { readonly __typename: 'RunTextPart' }
        | { readonly __typename: 'RunUnrecognizedPart' }
      > }
    | { readonly eventType: string | null, readonly eventData: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly state: RunHiddenReasoningState | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly reasoning: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly summary: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
        | { readonly __typename: 'RunImagePart' }
        | { readonly __typename: 'RunTextPart' }
        | { readonly __typename: 'RunUnrecognizedPart' }
      > }
    | { readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<ExplorerCallFragment> }
    | { readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolReturns: ReadonlyArray<ExplorerResultFragment> }
    | { readonly raw: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean }
    | { readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly runId: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
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
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  maxDurationNs?: number | null | undefined;
  metadata?: ReadonlyArray<MetadataFilter> | MetadataFilter | null | undefined;
}>;


export type ExplorerRunEventsSubscription = { readonly runEvents: { readonly kind: RunEventKind, readonly runId: string, readonly cursor: string, readonly run: (
      { readonly failure: { readonly message: string } | null }
      & ExplorerRowFragment
    ) | null } | null };

export type ExplorerRunQueryVariables = Exact<{
  id: string;
  withItems?: boolean | null | undefined;
  withOrigin?: boolean | null | undefined;
  steps?: number | null | undefined;
  stepsBefore?: string | null | undefined;
  messages?: number | null | undefined;
  messagesBefore?: string | null | undefined;
}>;


export type ExplorerRunQuery = { readonly mayWrite?: boolean, readonly run: (
    { readonly failure: { readonly message: string, readonly code: string | null, readonly source: RunFailureSource, readonly step: { readonly index: number | null, readonly errorData: unknown } | null, readonly toolError?: { readonly toolName: string | null, readonly message: string | null } | null } | null, readonly approval?: ExplorerPauseFragment | null, readonly turn?: { readonly isComplete: boolean, readonly runs: ReadonlyArray<{ readonly id: string }> } | null, readonly steps?: ExplorerStepsFragment | null, readonly messages?: ExplorerMessagesFragment | null }
    & ExplorerFactsFragment
  ) | null };

export type ExplorerFactsFragment = (
  { readonly ttftNs: number | null, readonly background: boolean | null, readonly conversationId: string | null, readonly baseTemplateId: string | null, readonly callbackUrl: string | null, readonly callbackSentAt: string | null, readonly callbackStatusCode: number | null, readonly callbackError: string | null, readonly metadata: unknown, readonly agent: { readonly name: string | null } | null, readonly requestConfig: { readonly includeReturnMessageTypes: ReadonlyArray<MessageType> | null } | null, readonly metrics: { readonly startedAt: string | null, readonly durationNs: number | null } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly usage: { readonly totalTokens: number, readonly promptTokens: number, readonly completionTokens: number, readonly cachedInputTokens: number | null, readonly reasoningTokens: number | null, readonly byModel: ReadonlyArray<{ readonly model: string | null, readonly stepCount: number }> } | null }
  & ExplorerRowFragment
);

export type ExplorerStepsFragment = { readonly nodes: ReadonlyArray<{ readonly id: string, readonly index: number | null, readonly status: RunStepStatus | null, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly model: string | null, readonly promptTokens: number | null, readonly totalTokens: number | null, readonly errorType: string | null, readonly errorData: unknown, readonly toolNames: ReadonlyArray<string> | null, readonly timing: { readonly startedAt: string | null, readonly totalNs: number | null, readonly modelNs: number | null, readonly toolNs: number | null } | null }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } };

export type ExplorerConversationListQueryVariables = Exact<{
  agentId?: string | null | undefined;
  search?: string | null | undefined;
  first: number;
}>;


export type ExplorerConversationListQuery = { readonly conversations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly agentId: string, readonly summary: string | null, readonly lastMessageAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null, readonly runs: { readonly nodes: ReadonlyArray<{ readonly conversationId: string | null, readonly outcome: RunOutcome }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null };

export type ExplorerPendingQueryVariables = Exact<{
  withCalls?: boolean | null | undefined;
  agentIds?: ReadonlyArray<string> | string | null | undefined;
  conversationId?: string | null | undefined;
  asks?: ReadonlyArray<ApprovalAsks> | ApprovalAsks | null | undefined;
}>;


export type ExplorerPendingQuery = { readonly pendingApprovals: { readonly isComplete: boolean, readonly nodes: ReadonlyArray<(
      { readonly conversationId: string | null, readonly agent?: { readonly name: string | null } | null, readonly approval?: { readonly requestedAt: string | null, readonly toolCalls: ReadonlyArray<{ readonly name: string | null, readonly arguments: string | null }> } | null }
      & ExplorerRowFragment
    )> } | null };

export type ExplorerAgentsQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type ExplorerAgentsQuery = { readonly agents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string | null }> } | null };

export const STOP_REASONS = ['END_TURN', 'ERROR', 'LLM_API_ERROR', 'INVALID_LLM_RESPONSE', 'INVALID_TOOL_CALL', 'MAX_STEPS', 'MAX_TOKENS_EXCEEDED', 'NO_TOOL_CALL', 'TOOL_RULE', 'CANCELLED', 'INSUFFICIENT_CREDITS', 'REQUIRES_APPROVAL', 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT'];
export interface Operations {
  ExplorerAgents: { data: ExplorerAgentsQuery; variables: ExplorerAgentsQueryVariables };
  ExplorerAgentNames: { data: ExplorerAgentNamesQuery; variables: ExplorerAgentNamesQueryVariables };
  ExplorerCancelPreview: { data: ExplorerCancelPreviewQuery; variables: ExplorerCancelPreviewQueryVariables };
  ExplorerCancelRuns: { data: ExplorerCancelRunsMutation; variables: ExplorerCancelRunsMutationVariables };
  ExplorerRuns: { data: ExplorerRunsQuery; variables: ExplorerRunsQueryVariables };
  ExplorerRunEvents: { data: ExplorerRunEventsSubscription; variables: ExplorerRunEventsSubscriptionVariables };
  ExplorerFailures: { data: ExplorerFailuresQuery; variables: ExplorerFailuresQueryVariables };
  ExplorerRunStats: { data: ExplorerRunStatsQuery; variables: ExplorerRunStatsQueryVariables };
  ExplorerRun: { data: ExplorerRunQuery; variables: ExplorerRunQueryVariables };
  ExplorerAnswer: { data: ExplorerAnswerMutation; variables: ExplorerAnswerMutationVariables };
  ExplorerConversation: { data: ExplorerConversationQuery; variables: ExplorerConversationQueryVariables };
  ExplorerConversations: { data: ExplorerConversationsQuery; variables: ExplorerConversationsQueryVariables };
  ExplorerConversationList: { data: ExplorerConversationListQuery; variables: ExplorerConversationListQueryVariables };
  ExplorerFind: { data: ExplorerFindQuery; variables: ExplorerFindQueryVariables };
  ExplorerPauseOf: { data: ExplorerPauseOfQuery; variables: ExplorerPauseOfQueryVariables };
  ExplorerPending: { data: ExplorerPendingQuery; variables: ExplorerPendingQueryVariables };
}