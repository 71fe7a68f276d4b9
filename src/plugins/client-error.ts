import { GraphQLError } from 'graphql';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { StreamError } from '../live/index.ts';
import { codeOfStatus, Refusal } from '../server/refusal.ts';

/** What an error for a client depends on. */
export interface ClientErrorOptions {
  readonly requestId: string;
  /** Receives unexpected errors and failures of the upstream as they were thrown. */
  readonly report: (error: unknown) => void;
  /** Whether the request named a project, which may be why the upstream refuses it. */
  readonly ofProject: boolean;
  /** Whether there is no data beside it: then it has a status. */
  readonly isAlone: boolean;
}

/** Errors that were converted, which a second conversion would change. */
const converted = new WeakSet<object>();

/**
 * Converts any error to a GraphQL error for the client; nothing else does. Unknown errors are unexpected and masked.
 * The status of its response is in `extensions.http`, which Yoga takes out.
 */
export function clientError(error: unknown, options: ClientErrorOptions): GraphQLError {
  if (error instanceof GraphQLError && converted.has(error)) return error;
  const { requestId, isAlone } = options;
  const cause = error instanceof GraphQLError ? error.originalError : error;
  // Errors of graphql-js (parsing, validation, coercion) are safe to show.
  const isShown =
    error instanceof GraphQLError &&
    error.extensions['unexpected'] !== true &&
    (cause === undefined || cause instanceof GraphQLError);
  const { message, http, ...extensions } = isShown ? describeShown(error) : describe(cause ?? error, options);
  const { source, positions, path } = error instanceof GraphQLError ? error : {};
  const client = new GraphQLError(message, {
    path,
    // Positions rather than nodes, which would keep the whole document in memory.
    source,
    positions,
    extensions: {
      retryable: false,
      ...extensions,
      requestId,
      ...(isAlone && { http: http ?? REQUEST_ERROR }),
    },
  });
  converted.add(client);
  return client;
}

/** With `application/json` errors are 200, by the GraphQL over HTTP specification. */
const REQUEST_ERROR = { status: 400, spec: true };

interface Description {
  readonly message: string;
  readonly http?: unknown;
  readonly [extension: string]: unknown;
}

/** Errors without a code or a status are about arguments, which graphql-js coerces while it executes. */
function describeShown({ message, extensions }: GraphQLError): Description {
  const { http, ...others } = extensions;
  const status = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
  const code = codeOfStatus(status);
  return {
    message,
    code: code ?? 'BAD_USER_INPUT',
    ...others,
    // Yoga has the code BAD_REQUEST for a method as well.
    ...(status === 405 && { code }),
    http,
  };
}

/** The message and the extensions of an error. */
function describe(cause: unknown, options: ClientErrorOptions): Description {
  const { report, ofProject } = options;
  if (cause instanceof StreamError) {
    const { cursor } = cause;
    return { ...describe(cause.cause, options), ...(cursor !== undefined && { cursor }) };
  }
  if (!(cause instanceof GatewayError) || cause.isReported) report(cause);
  if (!(cause instanceof GatewayError)) {
    const { message } = ERROR_CODES.INTERNAL_SERVER_ERROR;
    return { message, code: 'INTERNAL_SERVER_ERROR', http: { status: 500 } };
  }
  const { code } = cause;
  return {
    message: cause.messageFor(ofProject),
    code,
    retryable: ERROR_CODES[code].retryable,
    ...cause.extensions,
    ...(cause instanceof Refusal && { http: { status: cause.status, headers: cause.headers } }),
  };
}
