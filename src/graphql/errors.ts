import { GraphQLError } from 'graphql';
import { OperationLimitError } from '../engine/index.ts';
import { InvalidCursorError, PageArgumentError } from '../pagination/errors.ts';
import { RunArgumentError, UpstreamError, type UpstreamErrorCode } from '../runs/errors.ts';

/** What clients read; the upstream's own words stay in the log, as they name actors and internals. */
const UPSTREAM_MESSAGES: Readonly<Record<UpstreamErrorCode, string>> = {
  UNAUTHENTICATED:
    'The runs API did not accept the credentials. Send them as an Authorization header, or set LETTA_API_KEY for the gateway.',
  FORBIDDEN: 'The runs API does not allow this with the credentials given.',
  RATE_LIMITED: 'The runs API has been asked too often. Try again later.',
  UPSTREAM_REJECTED: 'The runs API refused the request.',
  UPSTREAM_ERROR: 'The runs API failed. Trying again may help.',
  UPSTREAM_UNAVAILABLE: 'The runs API can not be reached. Try again later.',
  UPSTREAM_TIMEOUT: 'The runs API did not answer in time. Try again later.',
  UPSTREAM_INVALID_RESPONSE: 'The runs API answered with something that is not what was asked for.',
};

/** Those after which the same request may succeed. */
const RETRYABLE: ReadonlySet<UpstreamErrorCode> = new Set<UpstreamErrorCode>([
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
]);

/**
 * The one place where errors of ours become errors of GraphQL. Anything unknown is unexpected: it is
 * masked, and `report` gets it as it was, as it gets the failures of the upstream.
 */
export function toGraphQLError(
  error: unknown,
  requestId: string | undefined,
  report: (error: unknown) => void,
): GraphQLError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  // GraphQL's own errors, of parsing, validation and coercion, are for the client as they are.
  if (error instanceof GraphQLError && (cause === undefined || cause instanceof GraphQLError)) return error;
  const { message, ...extensions } = describe(cause, report);
  const masked = new GraphQLError(message, {
    path: error instanceof GraphQLError ? error.path : undefined,
    extensions: { retryable: false, ...extensions, ...(requestId !== undefined && { requestId }) },
  });
  if (!(error instanceof GraphQLError)) return masked;
  // As they are: to tell a location, all lines before it are counted.
  return Object.defineProperty(masked, 'locations', { value: error.locations, enumerable: true });
}

interface Description {
  readonly message: string;
  readonly code: string;
  readonly argument?: string;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly ignoredArguments?: readonly string[];
}

function describe(cause: unknown, report: (error: unknown) => void): Description {
  if (cause instanceof PageArgumentError || cause instanceof RunArgumentError) {
    return { message: cause.message, code: 'BAD_USER_INPUT', argument: cause.argument };
  }
  if (cause instanceof InvalidCursorError) {
    return { message: cause.message, code: 'INVALID_CURSOR', argument: cause.argument };
  }
  if (cause instanceof OperationLimitError) {
    return { message: cause.message, code: cause.code, ...cause.details };
  }
  report(cause);
  if (!(cause instanceof UpstreamError)) {
    return { message: 'Something went wrong in the gateway.', code: 'INTERNAL_SERVER_ERROR' };
  }
  const { code, retry, retryAfterSeconds, ignoredFilters } = cause;
  const ignored = ignoredFilters.join(', ');
  return {
    message:
      ignored === ''
        ? UPSTREAM_MESSAGES[code]
        : `The runs API ignored ${ignored}: it sent runs that do not match. It may be too old for that argument.`,
    code,
    retryable: RETRYABLE.has(code) || retry !== 'never',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(ignored !== '' && { ignoredArguments: ignoredFilters }),
  };
}
