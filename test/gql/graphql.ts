/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The kind of a message that a run can return. */
export type MessageType =
  /** A question whether a tool may be called. */
  | 'APPROVAL_REQUEST_MESSAGE'
  /** The answer to such a question. */
  | 'APPROVAL_RESPONSE_MESSAGE'
  /** What the agent said to the user. */
  | 'ASSISTANT_MESSAGE'
  /** Something that happened to the conversation, such as its compaction. */
  | 'EVENT_MESSAGE'
  /** The agent's reasoning, kept hidden by the model's provider. */
  | 'HIDDEN_REASONING_MESSAGE'
  /** The agent's reasoning in the open. */
  | 'REASONING_MESSAGE'
  /** A summary that takes the place of older messages. */
  | 'SUMMARY_MESSAGE'
  /** Instructions from the system. */
  | 'SYSTEM_MESSAGE'
  /** A call of a tool. */
  | 'TOOL_CALL_MESSAGE'
  /** What a tool returned. */
  | 'TOOL_RETURN_MESSAGE'
  /** A type that this gateway is too old to know. */
  | 'UNRECOGNIZED'
  /** What the user said. */
  | 'USER_MESSAGE';

/** How far a run has come. */
export type RunStatus =
  /** Stopped on request. */
  | 'CANCELLED'
  /** Ended without a failure. With the stop reason REQUIRES_APPROVAL it waits for a person and may go on. */
  | 'COMPLETED'
  /** Accepted and not finished. Runs in the foreground keep this status until they end. */
  | 'CREATED'
  /** Ended by a failure; `stopReason` and `metadata` may say which. */
  | 'FAILED'
  /** At work in the background. */
  | 'RUNNING'
  /** A status that this gateway is too old to know; `rawStatus` has its text. Not allowed as a filter. */
  | 'UNRECOGNIZED';

/** The direction of a sorted list. */
export type SortOrder =
  /** Oldest first. */
  | 'ASC'
  /** Newest first. */
  | 'DESC';

/** Why a run ended. */
export type StopReason =
  /** Somebody stopped the run. */
  | 'CANCELLED'
  /** The system prompt alone does not fit the model's context window. */
  | 'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT'
  /** The agent had said all it wanted to say. */
  | 'END_TURN'
  /** Something failed that no other reason names. */
  | 'ERROR'
  /** The account had no credits left. */
  | 'INSUFFICIENT_CREDITS'
  /** The language model answered with something that could not be understood. */
  | 'INVALID_LLM_RESPONSE'
  /** The agent called a tool in a way that the tool does not allow. */
  | 'INVALID_TOOL_CALL'
  /** The language model could not be reached, or refused. */
  | 'LLM_API_ERROR'
  /** The run used up the steps it was given. */
  | 'MAX_STEPS'
  /** The run used up the tokens it was given. */
  | 'MAX_TOKENS_EXCEEDED'
  /** The agent had to call a tool and did not. */
  | 'NO_TOOL_CALL'
  /** A tool call waits for a person to approve it. */
  | 'REQUIRES_APPROVAL'
  /** A rule says that the run ends after the tool that was called. */
  | 'TOOL_RULE'
  /** A reason that this gateway is too old to know; `rawStopReason` has its text. Not allowed as a filter. */
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