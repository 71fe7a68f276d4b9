/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type RunsPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  statuses?: ReadonlyArray<RunStatus> | RunStatus | null | undefined;
  agentId?: string | null | undefined;
  backward: boolean;
}>;


export type RunsPageQuery = { readonly runs: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly agentId: string, readonly status: RunStatus, readonly stopReason: StopReason | null, readonly createdAt: string } }>, readonly pageInfo: { readonly hasNextPage?: boolean, readonly hasPreviousPage?: boolean } } | null };

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

export const RunsPageDocument = new TypedDocumentString(`
    query RunsPage($first: Int, $after: String, $last: Int, $before: String, $statuses: [RunStatus!], $agentId: ID, $backward: Boolean!) {
  runs(
    first: $first
    after: $after
    last: $last
    before: $before
    statuses: $statuses
    agentId: $agentId
  ) {
    edges {
      cursor
      node {
        id
        agentId
        status
        stopReason
        createdAt
      }
    }
    pageInfo {
      hasNextPage @skip(if: $backward)
      hasPreviousPage @include(if: $backward)
    }
  }
}
    `) as unknown as TypedDocumentString<RunsPageQuery, RunsPageQueryVariables>;