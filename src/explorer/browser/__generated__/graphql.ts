/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Why a run is not known to have been cancelled. */
export const CancelRunFailureCode = {
  /** The run had ended before it could be cancelled, and was left as it was; see `status`, which is CANCELLED if an earlier request has cancelled it. */
  AlreadyEnded: 'ALREADY_ENDED',
  /** The runs API does not allow it with these credentials (403). */
  Forbidden: 'FORBIDDEN',
  /** The runs API answered as if all was well, but the run had not ended when it was read again. */
  NotCancelled: 'NOT_CANCELLED',
  /** There is no run with this id that you can see. Nothing was sent to cancel it. */
  NotFound: 'NOT_FOUND',
  /** The runs API may have received the request, and then the run could not be read again: it may be cancelled or not. */
  OutcomeUnknown: 'OUTCOME_UNKNOWN',
  /** The runs API received too many requests (429). */
  RateLimited: 'RATE_LIMITED',
  /** The runs API did not accept the credentials (401). */
  Unauthenticated: 'UNAUTHENTICATED',
  /** The runs API failed (500 or another 5xx). */
  UpstreamError: 'UPSTREAM_ERROR',
  /** The runs API sent an invalid response, such as one that is not JSON. */
  UpstreamInvalidResponse: 'UPSTREAM_INVALID_RESPONSE',
  /** The runs API refused the request (another 4xx), or has no such endpoint. */
  UpstreamRejected: 'UPSTREAM_REJECTED',
  /** The runs API did not answer in time. It may still cancel the run. */
  UpstreamTimeout: 'UPSTREAM_TIMEOUT',
  /** The connection to the runs API was refused or reset, a proxy answered for it (502 to 504), the circuit breaker was open, or the queue was full. */
  UpstreamUnavailable: 'UPSTREAM_UNAVAILABLE'
} as const;

export type CancelRunFailureCode = typeof CancelRunFailureCode[keyof typeof CancelRunFailureCode];
/** The type of a message that a run can return. */
export const MessageType = {
  /** A request to approve a tool call. */
  ApprovalRequestMessage: 'APPROVAL_REQUEST_MESSAGE',
  /** The response to an approval request. */
  ApprovalResponseMessage: 'APPROVAL_RESPONSE_MESSAGE',
  /** A message from the agent to the user. */
  AssistantMessage: 'ASSISTANT_MESSAGE',
  /** An event in the conversation, such as its compaction. */
  EventMessage: 'EVENT_MESSAGE',
  /** The agent's reasoning, hidden by the model provider. */
  HiddenReasoningMessage: 'HIDDEN_REASONING_MESSAGE',
  /** The agent's reasoning. */
  ReasoningMessage: 'REASONING_MESSAGE',
  /** A summary that replaces older messages. */
  SummaryMessage: 'SUMMARY_MESSAGE',
  /** A system prompt. */
  SystemMessage: 'SYSTEM_MESSAGE',
  /** A tool call. */
  ToolCallMessage: 'TOOL_CALL_MESSAGE',
  /** The result of a tool call. */
  ToolReturnMessage: 'TOOL_RETURN_MESSAGE',
  /** A message type that is newer than this gateway. */
  Unrecognized: 'UNRECOGNIZED',
  /** A message from the user. */
  UserMessage: 'USER_MESSAGE'
} as const;

export type MessageType = typeof MessageType[keyof typeof MessageType];
/** A condition on the `metadata` of a run: a path, and one of `equals` and `exists`. */
export type MetadataFilter = {
  /** The value that is there, at most 1000 characters of JSON. Objects are equal whatever the order of their keys, and numbers by value: 1 is 1.0. Null is a value that is there, unlike one that is missing. */
  readonly equals?: unknown;
  /** Whether there is a value, null included. False is true of runs without metadata as well. */
  readonly exists?: boolean | null | undefined;
  /** A key, such as `customer`, or keys of objects in objects with dots between them, such as `order.id`; at most 200 characters. A dot in a key is written as `\.`, a backslash as `\\`. Paths don't lead into lists. */
  readonly path: string;
};

/** How exact a number of runs is. */
export const RunCountPrecision = {
  /** There are as many runs as this, and there may be more: reading ended at `SCAN_BUDGET` rows, or at the number of runs that was asked for. */
  AtLeast: 'AT_LEAST',
  /** There are as many runs as this. */
  Exact: 'EXACT'
} as const;

export type RunCountPrecision = typeof RunCountPrecision[keyof typeof RunCountPrecision];
/** How a list of runs has changed. */
export const RunEventKind = {
  /** A run was created, or now matches the filters; you have not received it before, or last received its removal. */
  Added: 'ADDED',
  /** A run is gone, or no longer matches the filters. */
  Removed: 'REMOVED',
  /** A run in the list has changed. Of several changes, you receive the last one. */
  Updated: 'UPDATED'
} as const;

export type RunEventKind = typeof RunEventKind[keyof typeof RunEventKind];
/** How reasoning is hidden. */
export const RunHiddenReasoningState = {
  /** The model provider left it out. */
  Omitted: 'OMITTED',
  /** The model provider encrypted it. */
  Redacted: 'REDACTED',
  /** A state that is newer than this gateway. */
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunHiddenReasoningState = typeof RunHiddenReasoningState[keyof typeof RunHiddenReasoningState];
/** The status of a run. */
export const RunStatus = {
  /** Cancelled on request. */
  Cancelled: 'CANCELLED',
  /** Ended without a failure. With the stop reason REQUIRES_APPROVAL it is waiting for approval and may continue. */
  Completed: 'COMPLETED',
  /** Accepted and not finished. Runs in the foreground keep this status until they end. */
  Created: 'CREATED',
  /** Failed; see `stopReason`, `metadata`, and `errorType` and `errorData` of its steps for the cause. */
  Failed: 'FAILED',
  /** Running in the background. */
  Running: 'RUNNING',
  /** A status that is newer than this gateway; see `rawStatus`. Not allowed as a filter. */
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunStatus = typeof RunStatus[keyof typeof RunStatus];
/** The status of a step. */
export const RunStepStatus = {
  /** Cancelled on request. */
  Cancelled: 'CANCELLED',
  /** Failed; see `errorType` and `errorData` for the cause. */
  Failed: 'FAILED',
  /** In progress. */
  Pending: 'PENDING',
  /** Ended without an error. */
  Success: 'SUCCESS',
  /** A status that is newer than this gateway; see `rawStatus`. */
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunStepStatus = typeof RunStepStatus[keyof typeof RunStepStatus];
/** Whether a tool succeeded. */
export const RunToolReturnStatus = {
  /** The tool failed, or was not run. */
  Error: 'ERROR',
  /** The tool returned a result. */
  Success: 'SUCCESS',
  /** A status that is newer than this gateway. */
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type RunToolReturnStatus = typeof RunToolReturnStatus[keyof typeof RunToolReturnStatus];
/** Why a run, or a step of one, ended. */
export const StopReason = {
  /** The run was cancelled. */
  Cancelled: 'CANCELLED',
  /** The system prompt alone exceeds the model's context window. */
  ContextWindowOverflowInSystemPrompt: 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT',
  /** The agent finished its turn. */
  EndTurn: 'END_TURN',
  /** An error that no other stop reason covers. */
  Error: 'ERROR',
  /** The account had insufficient credits. */
  InsufficientCredits: 'INSUFFICIENT_CREDITS',
  /** The language model returned a response that could not be parsed. */
  InvalidLlmResponse: 'INVALID_LLM_RESPONSE',
  /** The agent made an invalid tool call. */
  InvalidToolCall: 'INVALID_TOOL_CALL',
  /** The API of the language model was unreachable or returned an error. */
  LlmApiError: 'LLM_API_ERROR',
  /** The run reached its maximum number of steps. */
  MaxSteps: 'MAX_STEPS',
  /** The run exceeded its maximum number of tokens. */
  MaxTokensExceeded: 'MAX_TOKENS_EXCEEDED',
  /** The agent was required to call a tool but did not. */
  NoToolCall: 'NO_TOOL_CALL',
  /** A tool call requires human approval. */
  RequiresApproval: 'REQUIRES_APPROVAL',
  /** A tool rule ended the run after a tool call. */
  ToolRule: 'TOOL_RULE',
  /** A stop reason that is newer than this gateway; see `rawStopReason`. Not allowed as a filter. */
  Unrecognized: 'UNRECOGNIZED'
} as const;

export type StopReason = typeof StopReason[keyof typeof StopReason];
/** A unit of time by which runs are counted. */
export const TimeUnit = {
  /** A day of the time zone. It has 23 or 25 hours where clocks are changed by an hour; a day that the zone skips is left out. */
  Day: 'DAY',
  /** From one full hour to the next, by the clocks of the time zone; where these are changed by half an hour, one period is longer or shorter. */
  Hour: 'HOUR',
  /** Seven days that begin with a Monday. */
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


export type ExplorerCancelRunsMutation = { readonly cancelRuns: { readonly runs: ReadonlyArray<{ readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string } | null>, readonly failures: ReadonlyArray<{ readonly runId: string, readonly code: CancelRunFailureCode, readonly message: string }> } | null };

export type ExplorerRunUpdatesSubscriptionVariables = Exact<{
  id: string;
}>;


export type ExplorerRunUpdatesSubscription = { readonly runUpdates: { readonly id: string, readonly status: RunStatus } | null };

export type ExplorerMessagesFragment = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'RunApprovalRequestMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
    | { readonly __typename: 'RunApprovalResponseMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly approvals: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
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
    | { readonly __typename: 'RunToolCallMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
    | { readonly __typename: 'RunToolReturnMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
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


export type ExplorerRunEventsSubscription = { readonly runEvents: { readonly kind: RunEventKind, readonly runId: string, readonly cursor: string, readonly run: { readonly metadata: unknown, readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string } | null } | null };

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


export type ExplorerRunQuery = { readonly run: { readonly ttftNs: number | null, readonly background: boolean | null, readonly conversationId: string | null, readonly baseTemplateId: string | null, readonly callbackUrl: string | null, readonly callbackSentAt: string | null, readonly callbackStatusCode: number | null, readonly callbackError: string | null, readonly metadata: unknown, readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string, readonly steps: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly index: number | null, readonly status: RunStepStatus | null, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly model: string | null, readonly promptTokens: number | null, readonly completionTokens: number | null, readonly totalTokens: number | null, readonly errorType: string | null, readonly errorData: unknown, readonly toolNames: ReadonlyArray<string> | null, readonly timing: { readonly startedAt: string | null, readonly totalNs: number | null, readonly modelNs: number | null, readonly toolNs: number | null } | null }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } | null, readonly messages: { readonly nodes: ReadonlyArray<
        | { readonly __typename: 'RunApprovalRequestMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
        | { readonly __typename: 'RunApprovalResponseMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly approvals: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
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
        | { readonly __typename: 'RunToolCallMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
        | { readonly __typename: 'RunToolReturnMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
        | { readonly __typename: 'RunUnrecognizedMessage', readonly raw: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
        | { readonly __typename: 'RunUserMessage', readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
            | { readonly __typename: 'RunImagePart' }
            | { readonly __typename: 'RunTextPart' }
            | { readonly __typename: 'RunUnrecognizedPart' }
          > }
      >, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } | null, readonly agent: { readonly name: string | null } | null, readonly metrics: { readonly startedAt: string | null, readonly durationNs: number | null } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly usage: { readonly stepCount: number, readonly totalTokens: number, readonly promptTokens: number, readonly completionTokens: number, readonly cachedInputTokens: number | null, readonly reasoningTokens: number | null, readonly byModel: ReadonlyArray<{ readonly model: string | null, readonly stepCount: number, readonly totalTokens: number }> } | null } | null };

export type ExplorerRunFactsQueryVariables = Exact<{
  id: string;
}>;


export type ExplorerRunFactsQuery = { readonly run: { readonly ttftNs: number | null, readonly background: boolean | null, readonly conversationId: string | null, readonly baseTemplateId: string | null, readonly callbackUrl: string | null, readonly callbackSentAt: string | null, readonly callbackStatusCode: number | null, readonly callbackError: string | null, readonly metadata: unknown, readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string, readonly agent: { readonly name: string | null } | null, readonly metrics: { readonly startedAt: string | null, readonly durationNs: number | null } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly usage: { readonly stepCount: number, readonly totalTokens: number, readonly promptTokens: number, readonly completionTokens: number, readonly cachedInputTokens: number | null, readonly reasoningTokens: number | null, readonly byModel: ReadonlyArray<{ readonly model: string | null, readonly stepCount: number, readonly totalTokens: number }> } | null } | null };

export type ExplorerRunStepsQueryVariables = Exact<{
  id: string;
  last: number;
  before?: string | null | undefined;
}>;


export type ExplorerRunStepsQuery = { readonly run: { readonly steps: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly index: number | null, readonly status: RunStepStatus | null, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly model: string | null, readonly promptTokens: number | null, readonly completionTokens: number | null, readonly totalTokens: number | null, readonly errorType: string | null, readonly errorData: unknown, readonly toolNames: ReadonlyArray<string> | null, readonly timing: { readonly startedAt: string | null, readonly totalNs: number | null, readonly modelNs: number | null, readonly toolNs: number | null } | null }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } | null } | null };

export type ExplorerRunMessagesQueryVariables = Exact<{
  id: string;
  last: number;
  before?: string | null | undefined;
}>;


export type ExplorerRunMessagesQuery = { readonly run: { readonly messages: { readonly nodes: ReadonlyArray<
        | { readonly __typename: 'RunApprovalRequestMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
        | { readonly __typename: 'RunApprovalResponseMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly approvals: ReadonlyArray<{ readonly toolCallId: string | null, readonly approve: boolean | null, readonly reason: string | null }>, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
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
        | { readonly __typename: 'RunToolCallMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolCalls: ReadonlyArray<{ readonly id: string | null, readonly name: string | null, readonly arguments: string | null }> }
        | { readonly __typename: 'RunToolReturnMessage', readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly toolReturns: ReadonlyArray<{ readonly toolCallId: string | null, readonly status: RunToolReturnStatus | null, readonly content: string | null, readonly stdout: ReadonlyArray<string> | null, readonly stderr: ReadonlyArray<string> | null }> }
        | { readonly __typename: 'RunUnrecognizedMessage', readonly raw: unknown, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean }
        | { readonly __typename: 'RunUserMessage', readonly text: string | null, readonly id: string, readonly messageType: MessageType, readonly date: string | null, readonly stepId: string | null, readonly isError: boolean, readonly parts: ReadonlyArray<
            | { readonly __typename: 'RunImagePart' }
            | { readonly __typename: 'RunTextPart' }
            | { readonly __typename: 'RunUnrecognizedPart' }
          > }
      >, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } | null } | null };

export type ExplorerFactsFragment = { readonly ttftNs: number | null, readonly background: boolean | null, readonly conversationId: string | null, readonly baseTemplateId: string | null, readonly callbackUrl: string | null, readonly callbackSentAt: string | null, readonly callbackStatusCode: number | null, readonly callbackError: string | null, readonly metadata: unknown, readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string, readonly agent: { readonly name: string | null } | null, readonly metrics: { readonly startedAt: string | null, readonly durationNs: number | null } | null, readonly cost: { readonly amount: number, readonly currency: string, readonly isComplete: boolean } | null, readonly usage: { readonly stepCount: number, readonly totalTokens: number, readonly promptTokens: number, readonly completionTokens: number, readonly cachedInputTokens: number | null, readonly reasoningTokens: number | null, readonly byModel: ReadonlyArray<{ readonly model: string | null, readonly stepCount: number, readonly totalTokens: number }> } | null };

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


export type ExplorerRunsQuery = { readonly runs: { readonly nodes: ReadonlyArray<{ readonly metadata: unknown, readonly id: string, readonly status: RunStatus, readonly rawStatus: string | null, readonly stopReason: StopReason | null, readonly rawStopReason: string | null, readonly createdAt: string, readonly completedAt: string | null, readonly totalDurationNs: number | null, readonly agentId: string, readonly agent?: { readonly name: string | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null };

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