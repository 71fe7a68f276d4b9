/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type AnswerApprovalFailureCode =
  | 'AGENT_TYPE_UNSUPPORTED'
  | 'ANSWERED_JUST_NOW'
  | 'CLIENT_TOOL'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'NOT_PENDING'
  | 'NOT_TAKEN'
  | 'OUTCOME_UNKNOWN'
  | 'RATE_LIMITED'
  | 'TOOL_CALLS_DIFFER'
  | 'UNAUTHENTICATED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE';

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

export type RunCountPrecision =
  | 'AT_LEAST'
  | 'EXACT';

export type RunFailureSource =
  | 'METADATA'
  | 'STEP'
  | 'STOP_REASON';

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

export type SortOrder =
  | 'ASC'
  | 'DESC';

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

export type McpConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  order?: SortOrder | null | undefined;
  agentId?: string | null | undefined;
  search?: string | null | undefined;
  named: ReadonlyArray<string> | string;
}>;


export type McpConversationsQuery = { readonly conversations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly summary: string | null, readonly createdAt: string | null, readonly age: string | null, readonly lastMessageAge: string | null, readonly agent: { readonly id: string, readonly name: string | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null, readonly named: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null> };

export type McpMessagesQueryVariables = Exact<{
  id: string;
  ofRun: boolean;
  isFirst: boolean;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type McpMessagesQuery = { readonly run?: { readonly messages: McpMessagePageFragment | null } & (
    { readonly state?: RunOutcome, readonly requestConfig?: { readonly includeReturnMessageTypes: ReadonlyArray<MessageType> | null } | null, readonly continues?: { readonly id: string } | null, readonly turn?: { readonly runs: ReadonlyArray<{ readonly id: string, readonly messages: { readonly nodes: ReadonlyArray<
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly age: string | null }
            | { readonly text: string | null, readonly age: string | null }
          > } | null }> } | null }
    & McpActivityFragment
  ) | null, readonly conversation?: { readonly summary: string | null, readonly agent: { readonly id: string, readonly name: string | null } | null, readonly messages: (
      { readonly nodes: ReadonlyArray<
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
        | { readonly runId: string | null }
      > }
      & McpMessagePageFragment
    ) | null } | null };

export type McpMessagePageFragment = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null, readonly toolCalls: ReadonlyArray<{ readonly name: string | null, readonly arguments: string | null }> }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null, readonly approvals: ReadonlyArray<{ readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<McpReturnFragment> }
    | { readonly text: string | null, readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly reasoning: string | null, readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly summary: string | null, readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly text: string | null, readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null, readonly toolCalls: ReadonlyArray<{ readonly name: string | null, readonly arguments: string | null }> }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null, readonly toolReturns: ReadonlyArray<McpReturnFragment> }
    | { readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
    | { readonly text: string | null, readonly id: string, readonly isError: boolean, readonly type: MessageType, readonly createdAt: string | null, readonly age: string | null }
  >, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean } };

export type McpReturnFragment = { readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stderr: ReadonlyArray<string> | null };

export type McpContextFragment = (
  { readonly state: RunOutcome, readonly requestConfig: { readonly includeReturnMessageTypes: ReadonlyArray<MessageType> | null } | null, readonly continues: { readonly id: string } | null, readonly turn: { readonly runs: ReadonlyArray<{ readonly id: string, readonly messages: { readonly nodes: ReadonlyArray<
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly age: string | null }
          | { readonly text: string | null, readonly age: string | null }
        > } | null }> } | null }
  & McpActivityFragment
);

export type McpActivityFragment = { readonly usage: { readonly stepCount: number } | null, readonly lastMessage: { readonly nodes: ReadonlyArray<
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
      | { readonly createdAt: string | null, readonly age: string | null }
    > } | null };

export type McpAnswerMutationVariables = Exact<{
  runId: string;
  answers: ReadonlyArray<ApprovalAnswerInput> | ApprovalAnswerInput;
}>;


export type McpAnswerMutation = { readonly answerApproval: { readonly isProven: boolean, readonly run: { readonly id: string, readonly state: RunOutcome } | null, readonly failure: { readonly code: AnswerApprovalFailureCode, readonly message: string, readonly pendingToolCallIds: ReadonlyArray<string> } | null } | null };

export type McpCancelMutationVariables = Exact<{
  ids: ReadonlyArray<string> | string;
  denyApprovalsOf?: ReadonlyArray<string> | string | null | undefined;
}>;


export type McpCancelMutation = { readonly cancelRuns: { readonly runs: ReadonlyArray<{ readonly id: string, readonly state: RunOutcome } | null>, readonly failures: ReadonlyArray<{ readonly runId: string, readonly code: CancelRunFailureCode, readonly message: string, readonly otherRunId: string | null }>, readonly denied: ReadonlyArray<{ readonly id: string }> } | null };

export type McpAgentsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  order?: SortOrder | null | undefined;
  search?: string | null | undefined;
}>;


export type McpAgentsQuery = { readonly agents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string | null, readonly description: string | null, readonly model: string | null, readonly createdAt: string | null, readonly age: string | null, readonly runs: { readonly nodes: ReadonlyArray<McpRunFragment> } | null }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null };

export type McpRunFragment = { readonly id: string, readonly status: RunStatus, readonly stopReason: StopReason | null, readonly createdAt: string, readonly state: RunOutcome, readonly age: string, readonly seconds: number | null, readonly why: { readonly code: string | null, readonly message: string } | null };

export type McpStatsQueryVariables = Exact<{
  agentId?: string | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  timezone?: string | null | undefined;
  unit: TimeUnit;
  named: ReadonlyArray<string> | string;
  byStatus: boolean;
  byAgent: boolean;
  groups: number;
  overTime: boolean;
  withCost: boolean;
  byFailure: boolean;
  failures: number;
}>;


export type McpStatsQuery = { readonly runStats: { readonly runs: McpCountFragment, readonly failed: McpCountFragment, readonly durations: { readonly p50Seconds: number, readonly p95Seconds: number, readonly maxSeconds: number } | null, readonly status?: ReadonlyArray<{ readonly state: RunOutcome, readonly runs: McpCountFragment }>, readonly stopReasons?: ReadonlyArray<{ readonly stopReason: StopReason | null, readonly runs: McpCountFragment }>, readonly agent?: ReadonlyArray<{ readonly failed: number, readonly agent: { readonly id: string, readonly name: string | null }, readonly runs: McpCountFragment, readonly durations: { readonly p50Seconds: number, readonly p95Seconds: number } | null }>, readonly time?: ReadonlyArray<{ readonly from: string, readonly failed: number, readonly runs: McpCountFragment, readonly durations: { readonly p50Seconds: number } | null }>, readonly failure?: ReadonlyArray<{ readonly code: string | null, readonly message: string, readonly agentCount: number, readonly newestAge: string, readonly oldestAge: string, readonly runs: McpCountFragment, readonly newestRun: { readonly id: string }, readonly agents: ReadonlyArray<{ readonly id: string, readonly name: string | null }> }> | null, readonly ofFailures?: McpCountFragment, readonly tokens?: { readonly totalTokens: number, readonly ofRuns: McpCountFragment } | null, readonly cost?: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null } | null, readonly named: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null> };

export type McpCountFragment = { readonly value: number, readonly precision: RunCountPrecision };

export type McpListRunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  order?: SortOrder | null | undefined;
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  stopReasons?: ReadonlyArray<StopReason> | StopReason | null | undefined;
  agentId?: string | null | undefined;
  conversationId?: string | null | undefined;
  inDefaultConversation?: boolean | null | undefined;
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  minDurationNs?: number | null | undefined;
  named: ReadonlyArray<string> | string;
  isUnfinished: boolean;
}>;


export type McpListRunsQuery = { readonly runs: { readonly nodes: ReadonlyArray<McpRowFragment & { readonly usage?: { readonly stepCount: number } | null, readonly lastMessage?: { readonly nodes: ReadonlyArray<
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
          | { readonly createdAt: string | null, readonly age: string | null }
        > } | null }>, readonly pageInfo: { readonly hasNextPage: boolean } } | null, readonly named: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null> };

export type McpRowFragment = (
  { readonly agent: { readonly id: string, readonly name: string | null } | null }
  & McpRunFragment
);

export type McpExplainRunQueryVariables = Exact<{
  id: string;
  steps: number;
}>;


export type McpExplainRunQuery = { readonly run: (
    { readonly conversationId: string | null, readonly why: { readonly source: RunFailureSource, readonly step: { readonly index: number | null, readonly errorType: string | null } | null, readonly toolError: { readonly toolName: string | null, readonly message: string | null } | null } | null, readonly pause: { readonly state: RunPauseState, readonly requestedAt: string | null, readonly age: string | null, readonly toolCalls: ReadonlyArray<{ readonly toolCallId: string | null, readonly name: string | null, readonly arguments: string | null, readonly asks: ApprovalAsks }>, readonly decisions: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly answeredBy: { readonly id: string } | null } | null, readonly usage: { readonly totalTokens: number } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly steps: { readonly nodes: ReadonlyArray<McpStepFragment>, readonly pageInfo: { readonly hasPreviousPage: boolean } } | null }
    & McpRowFragment
    & McpContextFragment
  ) | null };

export type McpStepFragment = { readonly index: number | null, readonly status: RunStepStatus | null, readonly stopReason: StopReason | null, readonly errorType: string | null, readonly model: string | null, readonly totalTokens: number | null, readonly tools: ReadonlyArray<string> | null };

export type McpPendingQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  agentIds?: ReadonlyArray<string> | string | null | undefined;
  named: ReadonlyArray<string> | string;
}>;


export type McpPendingQuery = { readonly pendingApprovals: { readonly isComplete: boolean, readonly endCursor: string | null, readonly nodes: ReadonlyArray<{ readonly id: string, readonly agent: { readonly id: string, readonly name: string | null } | null, readonly pause: { readonly isAnswerSent: boolean, readonly requestedAt: string | null, readonly age: string | null, readonly toolCalls: ReadonlyArray<{ readonly toolCallId: string | null, readonly name: string | null, readonly arguments: string | null, readonly asks: ApprovalAsks }> } | null }> } | null, readonly named: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null> };

export type McpWaitSubscriptionVariables = Exact<{
  id: string;
}>;


export type McpWaitSubscription = { readonly runUpdates: (
    McpRowFragment
    & McpActivityFragment
  ) | null };

export interface Operations {
  McpAgents: { data: McpAgentsQuery; variables: McpAgentsQueryVariables };
  McpAnswer: { data: McpAnswerMutation; variables: McpAnswerMutationVariables };
  McpCancel: { data: McpCancelMutation; variables: McpCancelMutationVariables };
  McpConversations: { data: McpConversationsQuery; variables: McpConversationsQueryVariables };
  McpExplainRun: { data: McpExplainRunQuery; variables: McpExplainRunQueryVariables };
  McpListRuns: { data: McpListRunsQuery; variables: McpListRunsQueryVariables };
  McpMessages: { data: McpMessagesQuery; variables: McpMessagesQueryVariables };
  McpPending: { data: McpPendingQuery; variables: McpPendingQueryVariables };
  McpStats: { data: McpStatsQuery; variables: McpStatsQueryVariables };
  McpWait: { data: McpWaitSubscription; variables: McpWaitSubscriptionVariables };
}