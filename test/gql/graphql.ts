/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The type of a message that a run can return. */
export type MessageType =
  /** A request to approve a tool call. */
  | 'APPROVAL_REQUEST_MESSAGE'
  /** The response to an approval request. */
  | 'APPROVAL_RESPONSE_MESSAGE'
  /** A message from the agent to the user. */
  | 'ASSISTANT_MESSAGE'
  /** An event in the conversation, such as its compaction. */
  | 'EVENT_MESSAGE'
  /** The agent's reasoning, hidden by the model provider. */
  | 'HIDDEN_REASONING_MESSAGE'
  /** The agent's reasoning. */
  | 'REASONING_MESSAGE'
  /** A summary that replaces older messages. */
  | 'SUMMARY_MESSAGE'
  /** A system prompt. */
  | 'SYSTEM_MESSAGE'
  /** A tool call. */
  | 'TOOL_CALL_MESSAGE'
  /** The result of a tool call. */
  | 'TOOL_RETURN_MESSAGE'
  /** A message type that is newer than this gateway. */
  | 'UNRECOGNIZED'
  /** A message from the user. */
  | 'USER_MESSAGE';

/** The status of a run. */
export type RunStatus =
  /** Cancelled on request. */
  | 'CANCELLED'
  /** Ended without a failure. With the stop reason REQUIRES_APPROVAL it is waiting for approval and may continue. */
  | 'COMPLETED'
  /** Accepted and not finished. Runs in the foreground keep this status until they end. */
  | 'CREATED'
  /** Failed; see `stopReason` and `metadata` for the cause. */
  | 'FAILED'
  /** Running in the background. */
  | 'RUNNING'
  /** A status that is newer than this gateway; see `rawStatus`. Not allowed as a filter. */
  | 'UNRECOGNIZED';

/** The sort order of a list. */
export type SortOrder =
  /** Oldest first. */
  | 'ASC'
  /** Newest first. */
  | 'DESC';

/** Why a run ended. */
export type StopReason =
  /** The run was cancelled. */
  | 'CANCELLED'
  /** The system prompt alone exceeds the model's context window. */
  | 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT'
  /** The agent finished its turn. */
  | 'END_TURN'
  /** An error that no other stop reason covers. */
  | 'ERROR'
  /** The account had insufficient credits. */
  | 'INSUFFICIENT_CREDITS'
  /** The language model returned a response that could not be parsed. */
  | 'INVALID_LLM_RESPONSE'
  /** The agent made an invalid tool call. */
  | 'INVALID_TOOL_CALL'
  /** The API of the language model was unreachable or returned an error. */
  | 'LLM_API_ERROR'
  /** The run reached its maximum number of steps. */
  | 'MAX_STEPS'
  /** The run exceeded its maximum number of tokens. */
  | 'MAX_TOKENS_EXCEEDED'
  /** The agent was required to call a tool but did not. */
  | 'NO_TOOL_CALL'
  /** A tool call requires human approval. */
  | 'REQUIRES_APPROVAL'
  /** A tool rule ended the run after a tool call. */
  | 'TOOL_RULE'
  /** A stop reason that is newer than this gateway; see `rawStopReason`. Not allowed as a filter. */
  | 'UNRECOGNIZED';

export type ExactPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  active?: boolean | null | undefined;
  agentId?: string | number | null | undefined;
  agentIds?: Array<string | number> | string | number | null | undefined;
  background?: boolean | null | undefined;
  conversationId?: string | number | null | undefined;
  order?: SortOrder | null | undefined;
  statuses?: Array<RunStatus> | RunStatus | null | undefined;
  stopReason?: StopReason | null | undefined;
}>;


export type ExactPageQuery = { runs: { edges: Array<{ cursor: string, node: { id: string, agentId: string, background: boolean | null, baseTemplateId: string | null, callbackError: string | null, callbackSentAt: string | null, callbackStatusCode: number | null, callbackUrl: string | null, completedAt: string | null, conversationId: string | null, createdAt: string, metadata: unknown, status: RunStatus, rawStatus: string | null, stopReason: StopReason | null, rawStopReason: string | null, totalDurationNs: number | null, ttftNs: number | null, agent: { id: string } | null, requestConfig: { assistantMessageToolKwarg: string | null, assistantMessageToolName: string | null, includeReturnMessageTypes: Array<MessageType> | null, useAssistantMessage: boolean | null } | null } }>, nodes: Array<{ id: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type SomeCursorsQueryVariables = Exact<{ [key: string]: never; }>;


export type SomeCursorsQuery = { runs: { edges: Array<{ cursor: string, node: { id: string } }> } | null };

export type WalkPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  order?: SortOrder | null | undefined;
}>;


export type WalkPageQuery = { runs: { edges: Array<{ cursor: string, node: { id: string, createdAt: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean } } | null };

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

export const ExactPageDocument = new TypedDocumentString(`
    query ExactPage($first: Int, $after: String, $last: Int, $before: String, $active: Boolean, $agentId: ID, $agentIds: [ID!], $background: Boolean, $conversationId: ID, $order: SortOrder, $statuses: [RunStatus!], $stopReason: StopReason) {
  runs(
    first: $first
    after: $after
    last: $last
    before: $before
    active: $active
    agentId: $agentId
    agentIds: $agentIds
    background: $background
    conversationId: $conversationId
    order: $order
    statuses: $statuses
    stopReason: $stopReason
  ) {
    edges {
      cursor
      node {
        id
        agentId
        agent {
          id
        }
        background
        baseTemplateId
        callbackError
        callbackSentAt
        callbackStatusCode
        callbackUrl
        completedAt
        conversationId
        createdAt
        metadata
        requestConfig {
          assistantMessageToolKwarg
          assistantMessageToolName
          includeReturnMessageTypes
          useAssistantMessage
        }
        status
        rawStatus
        stopReason
        rawStopReason
        totalDurationNs
        ttftNs
      }
    }
    nodes {
      id
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ExactPageQuery, ExactPageQueryVariables>;
export const SomeCursorsDocument = new TypedDocumentString(`
    query SomeCursors {
  runs(first: 1000) {
    edges {
      cursor
      node {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SomeCursorsQuery, SomeCursorsQueryVariables>;
export const WalkPageDocument = new TypedDocumentString(`
    query WalkPage($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder) {
  runs(first: $first, after: $after, last: $last, before: $before, order: $order) {
    edges {
      cursor
      node {
        id
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
    }
  }
}
    `) as unknown as TypedDocumentString<WalkPageQuery, WalkPageQueryVariables>;