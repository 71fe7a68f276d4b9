import { GraphQLError } from 'graphql';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { StreamError } from '../live/index.ts';

/**
 * Converts any error to a GraphQL error for the client; nothing else does. Unknown errors are
 * unexpected and masked. They are passed to `report` unchanged, as are upstream errors.
 *
 * @param ofProject whether the request named a project, which may be why the upstream refuses it
 */
export function toGraphQLError(
  error: unknown,
  requestId: string | undefined,
  report: (error: unknown) => void,
  ofProject = false,
): GraphQLError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  // GraphQL's own errors (parsing, validation, coercion) are safe to show.
  const isOwn = error instanceof GraphQLError && (cause === undefined || cause instanceof GraphQLError);
  const { message, ...extensions } = isOwn ? ownDescription(error) : describe(cause, report, ofProject);
  const masked = new GraphQLError(message, {
    path: error instanceof GraphQLError ? error.path : undefined,
    extensions: { retryable: false, ...extensions, ...(requestId !== undefined && { requestId }) },
  });
  if (!(error instanceof GraphQLError)) return masked;
  // Copied rather than computed again, which would scan the whole document.
  return Object.defineProperty(masked, 'locations', { value: error.locations, enumerable: true });
}

/** Those without a code are about arguments, which graphql-js coerces while it executes. */
function ownDescription({ message, extensions }: GraphQLError) {
  return { message, code: 'BAD_USER_INPUT', ...extensions };
}

/** The message and the extensions of an error. */
function describe(
  cause: unknown,
  report: (error: unknown) => void,
  ofProject: boolean,
): { readonly message: string; readonly [extension: string]: unknown } {
  if (cause instanceof StreamError) {
    const { cursor } = cause;
    return { ...describe(cause.cause, report, ofProject), ...(cursor !== undefined && { cursor }) };
  }
  if (!(cause instanceof GatewayError) || cause.isReported) report(cause);
  if (!(cause instanceof GatewayError)) {
    return { message: ERROR_CODES.INTERNAL_SERVER_ERROR.message, code: 'INTERNAL_SERVER_ERROR' };
  }
  const { code } = cause;
  const { retryable } = ERROR_CODES[code];
  return { message: cause.messageFor(ofProject), code, retryable, ...cause.extensions };
}
