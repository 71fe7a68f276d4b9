interface ErrorKind {
  /** When it occurs. */
  readonly description: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** The message for clients, if it is the same for all errors with the code. */
  readonly message?: string;
}

/**
 * All error codes. The upstream's own messages name actors and internals and stay in the log, so each
 * upstream code has a message for clients here.
 */
export const ERROR_CODES = {
  BAD_USER_INPUT: {
    description: 'An invalid argument (named by `extensions.argument`) or variable.',
    retryable: false,
  },
  INVALID_CURSOR: {
    description:
      'A cursor that is malformed, or whose run, step or message no longer exists (`extensions.argument`): start again without it.',
    retryable: false,
  },
  SCAN_BUDGET_EXCEEDED: {
    description:
      'A filter that the runs API lacks would take more rows than `SCAN_BUDGET`: continue from `extensions.cursor`, by the argument `extensions.argument`. If `extensions.found` is not 0, ask there for that many runs, without `hasNextPage` and `hasPreviousPage`.',
    retryable: false,
  },
  UNAUTHENTICATED: {
    description:
      'The upstream answered 401, or the request has no valid access token, or its token is no longer valid.',
    retryable: false,
    message:
      'The runs API did not accept the credentials. Send them in the Authorization header, or set LETTA_API_KEY for the gateway.',
  },
  FORBIDDEN: {
    description:
      'The upstream answered 403, the request comes from a web page of another origin, its access token is read-only, or it lacks the secret of a router.',
    retryable: false,
    message: 'The runs API does not allow this with these credentials.',
  },
  RATE_LIMITED: {
    description: 'The upstream answered 429, or the caller exceeded `RATE_LIMIT`.',
    retryable: true,
    message: 'The runs API received too many requests. Try again later.',
  },
  UPSTREAM_REJECTED: {
    description:
      'The upstream answered 400, 402, 422 or another 4xx, or 404 for a list, as it may for an unknown project. With `argument`, it refused the value of that argument, as old servers do with newer values; the message says what it accepts.',
    retryable: false,
    message: 'The runs API rejected the request.',
  },
  UPSTREAM_UNSUPPORTED: {
    description:
      'The upstream is too old for an argument (`extensions.argument`) or a field; or its pages are too small to know where a list ends ([long runs](run-details.md#long-runs)).',
    retryable: false,
  },
  UPSTREAM_ERROR: {
    description: 'The upstream answered 500 or another 5xx.',
    retryable: true,
    message: 'The runs API failed. Try again.',
  },
  UPSTREAM_UNAVAILABLE: {
    description:
      'No connection, a connection reset, 502 to 504, an open circuit breaker, or a full request queue.',
    retryable: true,
    message: 'The runs API is unavailable. Try again later.',
  },
  UPSTREAM_TIMEOUT: {
    description: 'No response within the deadline.',
    retryable: true,
    message: 'The runs API did not respond in time. Try again later.',
  },
  UPSTREAM_INVALID_RESPONSE: {
    description:
      'The upstream sent an invalid response: not JSON, no runs, out of order; with `maxBytes`, one that is larger than `UPSTREAM_MAX_BYTES`; with `ignoredArguments`, runs that do not match them.',
    retryable: false,
    message: 'The runs API sent an invalid response.',
  },
  COST_LIMIT_EXCEEDED: {
    description:
      'The operation exceeds the cost limit; `cost`, `maxCost` and `field` say by how much and where.',
    retryable: false,
  },
  OPERATION_TOO_LARGE: {
    description: 'Too many fields or values, or nested too deeply.',
    retryable: false,
  },
  RESPONSE_TOO_LARGE: {
    description:
      "The response, or the runs API's responses that it needs, would be too large: more than `maxBytes`.",
    retryable: false,
  },
  OPERATION_TIMEOUT: {
    description:
      'The operation, or one event of a subscription, took longer than `OPERATION_TIMEOUT_MS`. Its work has stopped, but what a mutation had sent by then may take effect.',
    retryable: true,
  },
  SUBSCRIPTION_DRAINED: {
    description:
      'The gateway is stopping, or was given other credentials: subscribe again, with `after: extensions.cursor` if there is one.',
    retryable: true,
  },
  TOO_MANY_SUBSCRIPTIONS: {
    description:
      'More subscriptions than `MAX_SUBSCRIPTIONS`, or to more than 100 different lists and runs. When all are in use, it also ends one of the caller with the most, with `extensions.cursor`, in favour of a caller with fewer.',
    retryable: true,
  },
  CURSOR_TOO_OLD: {
    description:
      'Too much has changed since the cursor of a subscription to catch up, or more than `RATE_LIMIT` allows: subscribe without `after`, and read the list again.',
    retryable: false,
  },
  GRAPHQL_PARSE_FAILED: { description: "The document can't be parsed, or is too long.", retryable: false },
  GRAPHQL_VALIDATION_FAILED: { description: 'The document is not valid for the schema.', retryable: false },
  OPERATION_RESOLUTION_FAILURE: {
    description: 'The document has no operation with that name, or several and no name was given.',
    retryable: false,
  },
  // The messages of the next two are those that clients of Apollo and urql look for.
  PERSISTED_QUERY_NOT_FOUND: {
    description: 'No document of the manifest has this `documentId` or hash: send the text.',
    retryable: false,
    message: 'PersistedQueryNotFound',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    description: 'A `documentId` or hash without a text, but the gateway has no manifest: send the text.',
    retryable: false,
    message: 'PersistedQueryNotSupported',
  },
  DOCUMENT_NOT_TRUSTED: {
    description: 'The gateway executes only the documents of its manifest, and this is not one of them.',
    retryable: false,
    message:
      'This gateway executes only trusted documents. Send the id of one; other documents, and introspection, are refused.',
  },
  BAD_REQUEST: {
    description: 'The request is not valid HTTP, or not valid GraphQL over HTTP.',
    retryable: false,
  },
  NOT_FOUND: { description: 'Nothing is served at the path.', retryable: false },
  METHOD_NOT_ALLOWED: {
    description: 'The path does not have this method, or the operation must not be sent by GET.',
    retryable: false,
  },
  NOT_ACCEPTABLE: { description: 'The `Accept` header has no media type that is served.', retryable: false },
  PAYLOAD_TOO_LARGE: { description: 'The request body exceeds the size limit.', retryable: false },
  OVERLOADED: {
    description:
      'The gateway is busy, and this caller uses it most: `MAX_COST_UNDER_WAY` or `MEMORY_BUDGET` is used up, or the caller has `MAX_CONNECTIONS_PER_CALLER` connections with a request under way. Try again later, or with less at once.',
    retryable: true,
    message: 'The gateway holds too much for this caller. Try again later, or with less at once.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    description:
      'The request body is not `application/json`, or has a `Content-Encoding` other than gzip, deflate, br and zstd, or several.',
    retryable: false,
  },
  MISDIRECTED_REQUEST: {
    description: 'The `Host` of the request is not allowed; see `ALLOWED_HOSTS`.',
    retryable: false,
  },
  INTERNAL_SERVER_ERROR: {
    description: 'An unexpected error in the gateway.',
    retryable: false,
    message: 'Something went wrong in the gateway.',
  },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Codes by which the gateway refuses what it could have executed, besides those of statuses. */
export const REFUSAL_CODES: ReadonlySet<unknown> = new Set<ErrorCode>([
  'COST_LIMIT_EXCEEDED',
  'OPERATION_TOO_LARGE',
  'DOCUMENT_NOT_TRUSTED',
  'TOO_MANY_SUBSCRIPTIONS',
]);

/** Codes of request errors: what is wrong with a request or its document, before anything is executed. */
export const REQUEST_ERROR_CODES: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'DOCUMENT_NOT_TRUSTED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
