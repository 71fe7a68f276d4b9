import { GraphQLError } from 'graphql';
import { OperationLimitError } from '../engine/index.ts';
import { InvalidCursorError, PageArgumentError } from '../lists/errors.ts';
import { StreamEndError, StreamError } from '../live/index.ts';
import {
  HeldBytesError,
  RunArgumentError,
  ScanBudgetError,
  UnsupportedError,
  UpstreamError,
} from '../runs/errors.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

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

interface Description {
  readonly message: string;
  readonly code: ErrorCode;
  readonly argument?: string;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number | undefined;
  readonly retryAfterMs?: number;
  readonly ignoredArguments?: readonly string[];
  readonly cursor?: string | null;
  readonly maxBytes?: number;
}

function describe(cause: unknown, report: (error: unknown) => void, ofProject: boolean): Description {
  if (cause instanceof StreamError) {
    const { cursor } = cause;
    return { ...describe(cause.cause, report, ofProject), ...(cursor !== undefined && { cursor }) };
  }
  if (cause instanceof StreamEndError) {
    const { code, message, retryAfterMs } = cause;
    return { message, code, retryable: ERROR_CODES[code].retryable, ...retryAfter(retryAfterMs) };
  }
  if (cause instanceof PageArgumentError || cause instanceof RunArgumentError) {
    return { message: cause.message, code: 'BAD_USER_INPUT', argument: cause.argument };
  }
  if (cause instanceof UnsupportedError) {
    const { message, argument } = cause;
    return { message, code: 'UPSTREAM_UNSUPPORTED', ...(argument !== undefined && { argument }) };
  }
  if (cause instanceof InvalidCursorError) {
    return { message: cause.message, code: 'INVALID_CURSOR', argument: cause.argument };
  }
  if (cause instanceof OperationLimitError) {
    return { message: cause.message, code: cause.code, ...cause.details };
  }
  if (cause instanceof HeldBytesError) {
    return { message: cause.message, code: 'RESPONSE_TOO_LARGE', maxBytes: cause.maxBytes };
  }
  if (cause instanceof ScanBudgetError) {
    return { message: cause.message, code: 'SCAN_BUDGET_EXCEEDED', ...cause.details };
  }
  report(cause);
  if (!(cause instanceof UpstreamError)) {
    return { message: ERROR_CODES.INTERNAL_SERVER_ERROR.message, code: 'INTERNAL_SERVER_ERROR' };
  }
  const { code, retry, retryAfterSeconds, retryAfterMs, ignoredFilters, refusal, maxBytes } = cause;
  return {
    message: messageOf(cause, ofProject),
    code,
    retryable: ERROR_CODES[code].retryable || retry !== 'never',
    ...(retryAfterMs !== undefined && { retryAfterSeconds, retryAfterMs }),
    ...(refusal !== undefined && { argument: refusal.argument }),
    ...(ignoredFilters.length > 0 && { ignoredArguments: ignoredFilters }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

function retryAfter(ms: number | undefined) {
  return ms === undefined ? {} : { retryAfterSeconds: Math.ceil(ms / 1000), retryAfterMs: ms };
}

/** The statuses by which an upstream may refuse a project. */
const PROJECT_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 422]);
const OF_PROJECT = ' It was sent with a project (X-Project or X-Project-Id), which may be the reason.';

/** The message for clients. */
function messageOf(
  { code, status = 0, ignoredFilters, refusal, maxBytes }: UpstreamError,
  ofProject: boolean,
): string {
  if (refusal !== undefined) return refusal.message;
  if (maxBytes !== undefined) {
    return `The response of the runs API is larger than UPSTREAM_MAX_BYTES, ${maxBytes} bytes.`;
  }
  if (ignoredFilters.length === 0) {
    const isOfProject = ofProject && PROJECT_STATUSES.has(status);
    return ERROR_CODES[code].message + (isOfProject ? OF_PROJECT : '');
  }
  return `The runs API ignored ${ignoredFilters.join(', ')}: it sent runs that do not match. It may be too old to support it.`;
}
