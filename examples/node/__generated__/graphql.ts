/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The status of a run. */
export type RunStatus =
  /** Cancelled on request. */
  | 'CANCELLED'
  /** Ended. `outcome` says whether it succeeded: some failures are stored as completed. With the stop reason REQUIRES_APPROVAL it paused; see `approval`. */
  | 'COMPLETED'
  /** Accepted and not finished. Runs in the foreground keep this status until they end. */
  | 'CREATED'
  /** Failed; `failure` says why. */
  | 'FAILED'
  /** Running in the background. */
  | 'RUNNING'
  /** A value that is newer than this gateway. Its text is in the field with `raw` before its name, if there is one. Not allowed as a filter of runs. */
  | 'UNRECOGNIZED';

/** Why a run, or a step of one, ended. */
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
  /** The run paused for an approval of a tool call, or for its client to run a tool. */
  | 'REQUIRES_APPROVAL'
  /** A tool rule ended the run after a tool call. */
  | 'TOOL_RULE'
  /** A value that is newer than this gateway. Its text is in the field with `raw` before its name, if there is one. Not allowed as a filter of runs. */
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
    `, {"hash":"sha256:6345b7cdf5e2abcff4337a89f231867e1a39aa5ed20a4493df4253abcdcaf0eb"}) as unknown as TypedDocumentString<RunsPageQuery, RunsPageQueryVariables>;