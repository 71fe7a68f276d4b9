/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type RunEventKind =
  | 'ADDED'
  | 'REMOVED'
  | 'UPDATED';

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

export type AgentQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type AgentQuery = { readonly nodes: ReadonlyArray<
    | { readonly name: string | null, readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null> };

export type PendingQueryVariables = Exact<{
  after?: string | null | undefined;
  agentIds?: ReadonlyArray<string> | string | null | undefined;
}>;


export type PendingQuery = { readonly pendingApprovals: { readonly endCursor: string | null, readonly nodes: ReadonlyArray<{ readonly id: string, readonly agentId: string, readonly createdAt: string, readonly approval: { readonly requestedAt: string | null, readonly toolCalls: ReadonlyArray<{ readonly toolCallId: string | null, readonly name: string | null, readonly arguments: string | null }> } | null }> } | null };

export type TailSubscriptionVariables = Exact<{
  agentId?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  after?: string | null | undefined;
}>;


export type TailSubscription = { readonly runEvents: { readonly kind: RunEventKind, readonly runId: string, readonly cursor: string, readonly run: { readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly agentId: string, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly outcome: RunOutcome, readonly failure: { readonly code: string | null, readonly message: string } | null } | null } | null };

export type PausedQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type PausedQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly approval: { readonly state: RunPauseState } | null }
    | Record<PropertyKey, never>
   | null> };

export type LastQueryVariables = Exact<{
  first: number;
  agentId?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  outcomes?: ReadonlyArray<RunOutcome> | RunOutcome | null | undefined;
  withCursor?: boolean | null | undefined;
}>;


export type LastQuery = { readonly runs: { readonly eventsCursor?: string, readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly agentId: string, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly outcome: RunOutcome, readonly failure: { readonly code: string | null, readonly message: string } | null }> } | null };
