import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { OperationRecord } from '../observability/operation-record.ts';
import type { SentHeaders } from '../observability/trace-context.ts';
import type { HeldMemory } from '../scheduling/held-memory.ts';
import type { Credentials } from '../upstream/credentials.ts';

/** A request with the value `1` gets the cost of its operation in `extensions.cost`. */
export const COST_HEADER = 'graphql-cost-debug';

/** An operation that came over a WebSocket, without the body and the response that an HTTP request has. */
export interface SocketOperation {
  readonly params: GraphQLParams;
  readonly headers: SentHeaders;
  /** The credentials that the connection was opened with. Without them, the headers are authenticated. */
  readonly credentials?: Credentials | undefined;
  /** The same object for all operations of a connection: while the gateway drains, their streams end together. */
  readonly connection?: object | undefined;
  /** The size of the operation's message. */
  readonly bytes: number;
  /**
   * @param textOf writes a result as JSON, also a result that consists of an error
   * @param errors the errors of an operation whose only result has no data
   */
  readonly takeResults: (
    results: AsyncIterable<ExecutionResult> | readonly ExecutionResult[],
    textOf: (result: ExecutionResult) => Uint8Array,
    errors: readonly GraphQLError[],
  ) => void;
  /** Whether the document is valid: errors after that are part of the result. */
  isValid?: boolean;
}

/** A request for GraphQL by HTTP or by a WebSocket, once its caller was authenticated. */
export interface GatewayRequest {
  /** By names in lower case. For a WebSocket, the headers of its upgrade are merged with those in `connection_init`. */
  readonly headers: SentHeaders;
  /** The `signal` of the context. */
  readonly signal: AbortSignal;
  readonly record: OperationRecord;
  readonly memory: HeldMemory;
  /** When the request arrived, in milliseconds of `performance.now`. */
  readonly startedAt: number;
  /** The caller's credentials; replaced if secrets are replaced while the body arrives. */
  credentials: Credentials;
  /** Whether the parameters were read; if not, the request was refused before. */
  hasParams?: boolean;
}

/** The reason of a signal. Created once, since a DOMException records a stack: 2.5 % of the time of a small page. */
export const REQUEST_ENDED = new DOMException('The request has ended', 'AbortError');

/** The part of an operation's context that belongs to the gateway, beside that of Yoga and of other plugins. */
export interface GatewayContext {
  gateway?: GatewayRequest;
  /** The id of the request; set for all paths. */
  requestId?: string;
  /** Seconds after which to try again, taken from the errors of the response; below 0 for none. */
  retryAfterSeconds?: number;
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
  /** The `Content-Type` as sent: Yoga's adapter says JSON for any body that a framework's parser has read. */
  readonly sentType?: string | undefined;
  readonly socket?: SocketOperation;
  /**
   * Aborts when the request has ended: its response was sent as a whole, or its client has disconnected, or has completed the
   * operation. What is held for the request is released then.
   */
  readonly signal: AbortSignal;
}

export type GatewayPlugin = Plugin<GatewayContext, GatewayContext>;

/** Returns the request of a context. @throws Error if its caller was not authenticated */
export function gatewayOf(context: GatewayContext): GatewayRequest {
  const { gateway } = context;
  if (gateway === undefined) throw new Error('The context has no authenticated request');
  return gateway;
}

/** Returns a header. Yoga's `request.headers` is slow: it lists all names once a header is missing. */
export function headerOf(
  request: Request,
  { req }: Pick<GatewayContext, 'req'>,
  name: string,
): string | null {
  if (req === undefined) return request.headers.get(name);
  const value = req.headers[name];
  return typeof value === 'string' ? value : null;
}

/** Returns the path of a URL without parsing the URL, which would take longer than all other work here. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  if (start === -1) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}
