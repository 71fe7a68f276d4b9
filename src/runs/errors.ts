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

/** A parameter that the upstream refuses. The texts are the upstream's: compare them, never show them. */
export interface RefusedParameter {
  /** Its name in REST. */
  readonly name: string;
  /** The value as the upstream read it, if it says so. */
  readonly value?: string;
  /** The values that it allows, if it lists them. */
  readonly allowed?: readonly string[];
  /** The largest number that it allows, if that is why. */
  readonly max?: number;
}

export interface UpstreamErrorDetails {
  /** The HTTP status of the response, if there was one. */
  readonly status?: number | undefined;
  /** Milliseconds after which to retry, if known. */
  readonly retryAfterMs?: number | undefined;
  /** Whether to retry; `if-retry-after` only if the upstream names a time. @default 'never' */
  readonly retry?: 'always' | 'if-retry-after' | 'never';
  /** Filters that the upstream ignored. */
  readonly ignoredFilters?: readonly string[];
  /** The parameters that the upstream refuses, as far as it says which. */
  readonly refusedParameters?: readonly RefusedParameter[];
  /** The argument of a list that the upstream refuses, and why, for clients. */
  readonly refusal?: { readonly argument: string; readonly message: string } | undefined;
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
  readonly retryAfterMs: number | undefined;
  readonly retry: 'always' | 'if-retry-after' | 'never';
  readonly ignoredFilters: readonly string[];
  readonly refusal: UpstreamErrorDetails['refusal'];
  readonly maxBytes: number | undefined;
  readonly #details: UpstreamErrorDetails;

  constructor(code: UpstreamErrorCode, message: string, details: UpstreamErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.retry = details.retry ?? 'never';
    this.ignoredFilters = details.ignoredFilters ?? [];
    this.refusal = details.refusal;
    this.maxBytes = details.maxBytes;
    this.#details = details;
  }

  /** Not enumerable, so that the upstream's texts aren't logged with the error, where they aren't redacted. */
  get refusedParameters(): readonly RefusedParameter[] {
    return this.#details.refusedParameters ?? [];
  }

  /** Seconds after which to retry, rounded up, if known. */
  get retryAfterSeconds(): number | undefined {
    return this.retryAfterMs === undefined ? undefined : Math.ceil(this.retryAfterMs / 1000);
  }

  /** Returns a copy that differs in some details. */
  with({ message, ...details }: UpstreamErrorDetails & { readonly message?: string }): UpstreamError {
    return new UpstreamError(this.code, message ?? this.message, { ...this.#details, ...details });
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

/** The upstream has no answer to what was asked for, as it is too old or limited; the message is for the client. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError' as const;
  /** The argument that it has no answer to, if it is one. */
  readonly argument: string | undefined;

  constructor(message: string, argument: string | undefined) {
    super(message);
    this.argument = argument;
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

/** All that one operation looks up is larger than it may hold; the message is for the client. */
export class HeldBytesError extends Error {
  override readonly name = 'HeldBytesError' as const;
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(
      `The operation needs more than ${maxBytes} bytes of the runs API's responses; request fewer runs at once.`,
    );
    this.maxBytes = maxBytes;
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
