import { GraphQLError } from 'graphql';
import { Refusal, STATUSES } from '../access/refusal.ts';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { StreamError } from '../live/index.ts';

/** Options on which the error for a client depends. */
export interface ClientErrorOptions {
  readonly requestId: string;
  /** Receives unexpected errors and failures of the upstream as they were thrown. */
  readonly report: (error: unknown) => void;
  /** Whether the request named a project, for which the upstream may have refused it. */
  readonly namesProject: boolean;
  /** Whether the result has no data: then the error has a status. */
  readonly isAlone: boolean;
}

/** The length at which messages are cut: those of graphql-js quote documents and variables. */
const MAX_MESSAGE = 1000;

/** Errors that were converted: a second conversion would change them. */
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
  const client = new GraphQLError(message.slice(0, MAX_MESSAGE), {
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

/** With `application/json` the status is 200, by the GraphQL over HTTP specification. */
const REQUEST_ERROR = { status: 400, spec: true };

interface Description {
  readonly message: string;
  readonly http?: unknown;
  readonly [extension: string]: unknown;
}

/** An error without a code or a status is about arguments, which graphql-js coerces during execution. */
function describeShown({ message, extensions }: GraphQLError): Description {
  const { http, ...others } = extensions;
  const status = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
  const [code] = Object.entries(STATUSES).find(([, each]) => each === status) ?? [];
  return {
    message,
    code: code ?? 'BAD_USER_INPUT',
    ...others,
    // Yoga gives a wrong method the code BAD_REQUEST.
    ...(status === 405 && { code }),
    http,
  };
}

/** Returns the message and the extensions of an error. */
function describe(cause: unknown, options: ClientErrorOptions): Description {
  const { report, namesProject } = options;
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
  const { status = STATUSES[code], headers }: Partial<Refusal> = cause instanceof Refusal ? cause : {};
  return {
    message: cause.messageFor(namesProject),
    code,
    retryable: ERROR_CODES[code].retryable,
    ...cause.extensions,
    ...(status !== undefined && { http: { status, headers } }),
  };
}
