/** Codes for failures of the runs API, or of the connection to it. */
export type UpstreamErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_INVALID_RESPONSE';

export interface UpstreamErrorDetails {
  /** The HTTP status of the response, if there was one. */
  readonly status?: number;
  /** Seconds after which to retry, if known. */
  readonly retryAfterSeconds?: number | undefined;
  /** Whether to retry; `if-retry-after` only if the upstream names a time. @default 'never' */
  readonly retry?: 'always' | 'if-retry-after' | 'never';
  /** Filters that the upstream ignored. */
  readonly ignoredFilters?: readonly string[];
  /** The limit that the response exceeded, in bytes. */
  readonly maxBytes?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The upstream failed or rejected a request. The message is for the log: it may contain text from the
 * upstream, and must not be shown to clients.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError' as const;
  readonly code: UpstreamErrorCode;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly retry: 'always' | 'if-retry-after' | 'never';
  readonly ignoredFilters: readonly string[];
  readonly maxBytes: number | undefined;

  constructor(code: UpstreamErrorCode, message: string, details: UpstreamErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.retry = details.retry ?? 'never';
    this.ignoredFilters = details.ignoredFilters ?? [];
    this.maxBytes = details.maxBytes;
  }
}

/** The run of a position no longer exists, so the upstream can't return the rows that follow it. */
export class VanishedPositionError extends Error {
  override readonly name = 'VanishedPositionError' as const;
  readonly id: string;

  constructor(id: string) {
    super(`The upstream has no page after ${id}`);
    this.id = id;
  }
}

/** An invalid argument of a field; the message is for the client. */
export class RunArgumentError extends Error {
  override readonly name = 'RunArgumentError' as const;
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** The upstream does not support several agents or statuses in one request. */
export class RepeatedKeysError extends Error {
  override readonly name = 'RepeatedKeysError' as const;

  constructor() {
    super('The upstream does not understand repeated keys');
  }
}

export interface ScanBudgetDetails {
  /** The rows that may be read. */
  readonly budget: number;
  /** The runs found among them; none of them comes before the cursor. */
  readonly found: number;
  /** The cursor to go on from, which loses none of the runs; null for the start of the list. */
  readonly cursor: string | null;
  /** The argument that takes the cursor. */
  readonly argument: 'after' | 'before';
}

/** As many rows as allowed were read, and the runs that were asked for are not all among them. */
export class ScanBudgetError extends Error {
  override readonly name = 'ScanBudgetError' as const;
  readonly details: ScanBudgetDetails;

  constructor(message: string, details: ScanBudgetDetails) {
    super(message);
    this.details = details;
  }
}
