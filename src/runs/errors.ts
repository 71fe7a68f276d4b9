/** What can go wrong between this program and the runs API, as clients are told it. */
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
  /** The upstream's status, where it answered. */
  readonly status?: number;
  /** Seconds after which another try makes sense, where that is known. */
  readonly retryAfterSeconds?: number | undefined;
  /** Whether another attempt may succeed at once, only after a time the upstream names, or not. @default 'never' */
  readonly retry?: 'always' | 'when-told' | 'never';
  /** Filters that the upstream ignored. */
  readonly ignoredFilters?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The upstream failed or refused. The message is for the log: it may hold the upstream's own text
 * and must not be shown to clients.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError' as const;
  readonly code: UpstreamErrorCode;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly retry: 'always' | 'when-told' | 'never';
  readonly ignoredFilters: readonly string[];

  constructor(code: UpstreamErrorCode, message: string, details: UpstreamErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.retry = details.retry ?? 'never';
    this.ignoredFilters = details.ignoredFilters ?? [];
  }
}

/** The run that a position names can't be found again, so what follows it can't be told. */
export class VanishedPositionError extends Error {
  override readonly name = 'VanishedPositionError' as const;
  readonly id: string;

  constructor(id: string) {
    super(`No page of the upstream starts behind ${id}`);
    this.id = id;
  }
}

/** An argument that no list of runs can be made from; the message is for the client. */
export class RunArgumentError extends Error {
  override readonly name = 'RunArgumentError' as const;
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** The upstream turned out not to take several agents or statuses in one request. */
export class RepeatedKeysError extends Error {
  override readonly name = 'RepeatedKeysError' as const;

  constructor() {
    super('The upstream does not understand repeated keys');
  }
}
