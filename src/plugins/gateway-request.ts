import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { OperationRecord } from '../observability/operation-record.ts';
import type { SentHeaders } from '../server/access.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { RequestMemory } from './request-memory.ts';

/** An operation by a WebSocket, where a request by HTTP has a body and a response. */
export interface SocketOperation {
  readonly params: GraphQLParams;
  /** Of the connection: all its operations share them. */
  readonly headers: SentHeaders;
  /** Aborts when the client has completed the operation or has disconnected, and when all is sent. */
  readonly over: AbortController;
  /** The size of its message. */
  readonly bytes: number;
  readonly takeResult: (result: ExecutionResult | AsyncIterableIterator<ExecutionResult>) => void;
  /** Whether its document is valid: what fails from then on is its result. */
  isValid?: boolean;
}

/** What the gateway knows of a request for GraphQL, by HTTP or by a WebSocket. */
export interface GatewayRequest {
  readonly requestId: string;
  /** By names in lower case. Of a WebSocket: those of its upgrade, and what its client sent in their place. */
  readonly headers: SentHeaders;
  /** Of the socket; undefined where there is none. */
  readonly remoteAddress: string | undefined;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Whether its transport takes the events of a subscription. */
  readonly takesEvents: boolean;
  readonly record: OperationRecord;
  readonly memory: RequestMemory;
  /** When it came, in milliseconds of `performance.now`. */
  readonly startedAt: number;
  /** Who sent it. Replaced when the secrets are, while the body comes in. */
  credentials: Credentials;
  /** Whether its parameters were read: it is an operation then, and no request that was refused. */
  hasParams?: boolean;
}

/** What plugins find in the context of an operation, besides what Yoga and other plugins put there. */
export interface GatewayContext {
  gateway?: GatewayRequest;
  /** The id of every request, also of those for other paths. */
  requestId?: string;
  /** Seconds after which to try again, by the errors of the response; below 0 if they don't say. */
  retryAfterSeconds?: number;
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
  readonly socket?: SocketOperation;
  /** Calls a function when the request is over, also if it fails. */
  readonly whenOver?: (end: () => void) => void;
}

export type GatewayPlugin = Plugin<GatewayContext, GatewayContext>;

/** Returns what the gateway knows of the request that a context belongs to. */
export function gatewayOf(context: GatewayContext): GatewayRequest {
  const { gateway } = context;
  if (gateway === undefined) throw new Error('The context is of no request that was let in');
  return gateway;
}
