/** Returns a function for rows of the table. @param retryable whether the same request may succeed later */
const rows =
  (retryable: boolean) =>
  /** @param description when it occurs. @param message for clients, if all errors with the code have the same */
  (description: string, message = '') => ({ description, retryable, message });
const [final, passing] = [rows(false), rows(true)];

/**
 * All error codes. The upstream's own messages name actors and internals and stay in the log, so each
 * upstream code has a message for clients here.
 */
export const ERROR_CODES = {
  BAD_USER_INPUT: final('An invalid argument (named by `extensions.argument`) or variable.'),
  INVALID_CURSOR: final(
    'A cursor that is malformed, or whose run, step or message no longer exists (`extensions.argument`): start again without it.',
  ),
  SCAN_BUDGET_EXCEEDED: final(
    'A filter that the runs API lacks would take more rows than `SCAN_BUDGET`: continue from `extensions.cursor`, by the argument `extensions.argument`. If `extensions.found` is not 0, ask there for that many runs, without `hasNextPage` and `hasPreviousPage`.',
  ),
  UNAUTHENTICATED: final(
    'The upstream answered 401, or the request has no valid access token, or its token is no longer valid.',
    'The runs API did not accept the credentials. Send them in the Authorization header, or set LETTA_API_KEY for the gateway.',
  ),
  FORBIDDEN: final(
    'The upstream answered 403, the request comes from a web page of another origin, its access token is read-only, or it lacks the secret of a router.',
    'The runs API does not allow this with these credentials.',
  ),
  RATE_LIMITED: passing(
    'The upstream answered 429, or the caller exceeded `RATE_LIMIT`.',
    'The runs API received too many requests.',
  ),
  UPSTREAM_REJECTED: final(
    'The upstream answered 400, 402, 422 or another 4xx, or 404 for a list, as it may for an unknown project. With `argument`, it refused the value of that argument, as old servers do with newer values; the message says what it accepts. `retryable` is true after 408 and 409.',
    'The runs API rejected the request.',
  ),
  UPSTREAM_UNSUPPORTED: final(
    'The upstream is too old for an argument (`extensions.argument`) or a field; or its pages are too small to know where a list ends ([long runs](run-details.md#long-runs)).',
  ),
  UPSTREAM_ERROR: passing('The upstream answered 500 or another 5xx.', 'The runs API failed.'),
  UPSTREAM_UNAVAILABLE: passing(
    'No connection, a connection reset, 502 to 504, an open circuit breaker, or a full request queue.',
    'The runs API is unavailable.',
  ),
  UPSTREAM_TIMEOUT: passing('No response within the deadline.', 'The runs API did not respond in time.'),
  UPSTREAM_INVALID_RESPONSE: final(
    'The upstream sent an invalid response: not JSON, no runs, out of order; with `maxBytes`, one that is larger than that, as sent or in memory; with `ignoredArguments`, runs that do not match them. `retryable` is true if a run was deleted just when the list was read on from it.',
    'The runs API sent an invalid response.',
  ),
  COST_LIMIT_EXCEEDED: final(
    'The operation exceeds the cost limit; `cost`, `maxCost` and `field` say by how much and where.',
  ),
  OPERATION_TOO_LARGE: final('Too many fields or values, or nested too deeply.'),
  RESPONSE_TOO_LARGE: final(
    "The response, or the runs API's responses that it needs, would be too large: more than `maxBytes`.",
  ),
  OPERATION_TIMEOUT: passing(
    'The operation, or one event of a subscription, took longer than `OPERATION_TIMEOUT_MS`. Its work has stopped, but what a mutation had sent by then may take effect.',
  ),
  SUBSCRIPTION_DRAINED: passing(
    'The gateway is stopping, or was given other credentials: subscribe again, with `after: extensions.cursor` if there is one.',
  ),
  TOO_MANY_SUBSCRIPTIONS: passing(
    'More subscriptions than `MAX_SUBSCRIPTIONS`, or to more than 100 different lists and runs. When all are in use, it also ends one of the caller with the most, with `extensions.cursor`, in favour of a caller with fewer.',
  ),
  CURSOR_TOO_OLD: final(
    'Too much has changed since the cursor of a subscription to catch up: subscribe without `after`, and read the list again.',
  ),
  GRAPHQL_PARSE_FAILED: final("The document can't be parsed, or is too long."),
  GRAPHQL_VALIDATION_FAILED: final('The document is not valid for the schema.'),
  OPERATION_RESOLUTION_FAILURE: final(
    'The document has no operation with that name, or several and no name was given.',
  ),
  // The clients of Apollo and urql look for the messages of the next two.
  PERSISTED_QUERY_NOT_FOUND: final(
    'No document of the manifest has this `documentId` or hash: send the text.',
    'PersistedQueryNotFound',
  ),
  PERSISTED_QUERY_NOT_SUPPORTED: final(
    'A `documentId` or hash without a text, but the gateway has no manifest: send the text.',
    'PersistedQueryNotSupported',
  ),
  DOCUMENT_NOT_TRUSTED: final(
    'The gateway executes only the documents of its manifest, and this is not one of them.',
    'This gateway executes only trusted documents. Send the id of one; other documents, and introspection, are refused.',
  ),
  BAD_REQUEST: final('The request is not valid HTTP, or not valid GraphQL over HTTP.'),
  NOT_FOUND: final('Nothing is served at the path.'),
  METHOD_NOT_ALLOWED: final('The path does not have this method, or the operation must not be sent by GET.'),
  NOT_ACCEPTABLE: final('The `Accept` header has no media type that is served.'),
  PAYLOAD_TOO_LARGE: final('The request body exceeds the size limit.'),
  OVERLOADED: passing(
    'The gateway is busy, and this caller uses it most: operations that cost 50,000 are under way, its requests hold too much, or the caller has `MAX_REQUESTS_PER_CALLER` requests under way: ask for less at once. For the answer of a mutation that was executed it is not retryable, and the message says so.',
    'The gateway holds too much for this caller: ask for less at once.',
  ),
  UNSUPPORTED_MEDIA_TYPE: final(
    'The request body is not `application/json`, or has a `Content-Encoding` other than gzip.',
  ),
  MISDIRECTED_REQUEST: final('The `Host` of the request is not allowed; see `ALLOWED_HOSTS`.'),
  INTERNAL_SERVER_ERROR: final('An unexpected error in the gateway.', 'Something went wrong in the gateway.'),
};

export type ErrorCode = keyof typeof ERROR_CODES;

/** Codes of refusals that have no HTTP status. */
export const REFUSAL_CODES: ReadonlySet<unknown> = new Set<ErrorCode>([
  'COST_LIMIT_EXCEEDED',
  'OPERATION_TOO_LARGE',
  'DOCUMENT_NOT_TRUSTED',
  'TOO_MANY_SUBSCRIPTIONS',
]);
