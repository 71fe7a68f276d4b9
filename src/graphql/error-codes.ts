import type { OperationLimitError } from '../engine/index.ts';
import type { UpstreamErrorCode } from '../runs/errors.ts';

interface ErrorKind {
  /** When a client meets it. */
  readonly description: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** What the client reads, where that is the same for all errors of the code. */
  readonly message?: string;
}

/** GraphQL's own errors, as graphql-js and Yoga find them, and our own that no other room names. */
type OwnCode =
  | 'BAD_USER_INPUT'
  | 'INVALID_CURSOR'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_REQUEST'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE';

export type ErrorCode = UpstreamErrorCode | OperationLimitError['code'] | OwnCode;

/**
 * All codes of errors. The upstream's own words stay in the log, as they name actors and internals,
 * so each of its codes has a message here.
 */
export const ERROR_CODES = {
  BAD_USER_INPUT: {
    description: "An argument that can't be served (`extensions.argument` names it), or a variable.",
    retryable: false,
  },
  INVALID_CURSOR: {
    description: 'A cursor that leads nowhere (`extensions.argument`): start again without it.',
    retryable: false,
  },
  UNAUTHENTICATED: {
    description: "The upstream's 401; or no access token was shown.",
    retryable: false,
    message:
      'The runs API did not accept the credentials. Send them as an Authorization header, or set LETTA_API_KEY for the gateway.',
  },
  FORBIDDEN: {
    description: "The upstream's 403.",
    retryable: false,
    message: 'The runs API does not allow this with the credentials given.',
  },
  RATE_LIMITED: {
    description: "The upstream's 429.",
    retryable: true,
    message: 'The runs API has been asked too often. Try again later.',
  },
  UPSTREAM_REJECTED: {
    description: "The upstream's 400, 402, 422 and other 4xx.",
    retryable: false,
    message: 'The runs API refused the request.',
  },
  UPSTREAM_ERROR: {
    description: "The upstream's 5xx.",
    retryable: true,
    message: 'The runs API failed. Trying again may help.',
  },
  UPSTREAM_UNAVAILABLE: {
    description: 'No connection, a reset, 502 to 504, an open breaker, or too many requests waiting.',
    retryable: true,
    message: 'The runs API can not be reached. Try again later.',
  },
  UPSTREAM_TIMEOUT: {
    description: 'No answer within the deadline.',
    retryable: true,
    message: 'The runs API did not answer in time. Try again later.',
  },
  UPSTREAM_INVALID_RESPONSE: {
    description:
      'An answer that is not what was asked for: not JSON, no runs, too large, out of order; with `ignoredArguments`, runs that do not match them.',
    retryable: false,
    message: 'The runs API answered with something that is not what was asked for.',
  },
  COST_LIMIT_EXCEEDED: {
    description: 'More than an operation may cost; `cost`, `maxCost` and `field` say why.',
    retryable: false,
  },
  OPERATION_TOO_LARGE: {
    description: 'Too many fields or values, or nested too deeply.',
    retryable: false,
  },
  RESPONSE_TOO_LARGE: {
    description: 'The answer would have more bytes than it may.',
    retryable: false,
  },
  GRAPHQL_PARSE_FAILED: { description: "The document can't be parsed, or is too long.", retryable: false },
  GRAPHQL_VALIDATION_FAILED: { description: 'The document does not fit the schema.', retryable: false },
  OPERATION_RESOLUTION_FAILURE: {
    description: 'The document has no operation of that name, or several and no name was given.',
    retryable: false,
  },
  BAD_REQUEST: { description: 'The request is no GraphQL over HTTP.', retryable: false },
  INTERNAL_SERVER_ERROR: {
    description: 'An unexpected error of the gateway.',
    retryable: false,
    message: 'Something went wrong in the gateway.',
  },
} as const satisfies Readonly<Record<ErrorCode, ErrorKind>>;
