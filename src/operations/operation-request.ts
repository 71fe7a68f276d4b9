import type { GraphQLError } from 'graphql';
import type { EngineRequest } from '../engine/index.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { RequestedDocument } from './documents/requested-document.ts';

/** Who sent a request, and how it may be executed. */
export interface Caller {
  readonly record: OperationRecord;
  readonly credentials: Credentials;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Identifies this request; identical requests in flight are executed once. */
  readonly key: string;
  /** Whether only queries are allowed, as by GET. */
  readonly isReadOnly: boolean;
  /** Whether to include the cost of the operation in the answer. */
  readonly showsCost: boolean;
  /** Whether to include what it took upstream in the answer, which its caller has to be allowed to see. @default false */
  readonly isExplained?: boolean;
  /** Whether its transport has room for more than one answer, as subscriptions give. */
  readonly takesStreams: boolean;
  /** What a subscription keeps for itself, in bytes. */
  readonly keptBytes?: number;
}

/** A GraphQL request, whose document may be named by an id. */
export interface OperationRequest extends Omit<EngineRequest, 'query'> {
  readonly document: RequestedDocument;
}

/** The answers to a subscription, as they come. The last one has errors if it ends before its time. */
export interface OperationStream {
  readonly answers: AsyncIterableIterator<OperationAnswer>;
}

/** The answer to an operation, independent of the transport. */
export interface OperationAnswer {
  /** `{"data":…}`; undefined if nothing was executed. */
  readonly data: Uint8Array | undefined;
  /** Masked, ready for the client. */
  readonly errors: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The HTTP status and headers of an operation that was refused, whatever the media type. */
  readonly refusal?: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
}
