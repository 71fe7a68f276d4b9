import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { type Extensions, GatewayError, retryAfter } from './gateway-error.ts';

/** Codes for failures of the runs API, or of the connection to it. */
export const UPSTREAM_ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_ERROR',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_INVALID_RESPONSE',
] as const satisfies ErrorCode[];

export type UpstreamErrorCode = (typeof UPSTREAM_ERROR_CODES)[number];

/** The statuses with which an upstream may refuse a project. */
const PROJECT_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 422]);
const OF_PROJECT = ' It was sent with a project (X-Project or X-Project-Id), which may be the reason.';

/** A parameter that the upstream refuses. Its name is the upstream's text: compare it, never show it. */
export interface RefusedParameter {
  /** The name of the parameter in REST. */
  readonly name: string;
  /** The largest number that it allows, if that is why. */
  readonly max?: number;
}

export interface UpstreamErrorDetails {
  /** The HTTP status of the response, if there was one. */
  readonly status?: number | undefined;
  /** Milliseconds after which to retry, if known. */
  readonly retryAfterMs?: number | undefined;
  /** Whether to retry; `if-retry-after` only if the upstream says when. @default 'never' */
  readonly retry?: 'always' | 'if-retry-after' | 'never';
  /** Whether the upstream has no such route, by a 404 of its own. @default false */
  readonly lacksRoute?: boolean;
  /** Filters that the upstream ignored. */
  readonly ignoredFilters?: readonly string[];
  /** What a row of the list is called. @default 'run' */
  readonly noun?: string;
  /** The parameters that the upstream refuses, as far as it says which. */
  readonly refusedParameters?: readonly RefusedParameter[];
  /** The argument of a list that the upstream refuses, and why, for clients. */
  readonly refusal?: { readonly argument: string; readonly message: string } | undefined;
  /** The message for clients, in place of the message of the code. */
  readonly clientMessage?: string;
  /** The limit that the response exceeded, in bytes. */
  readonly maxBytes?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The upstream failed or rejected a request. The message is for the log: it may contain text from the
 * upstream, and must not be shown to clients.
 */
export class UpstreamError extends GatewayError {
  override readonly name = 'UpstreamError' as const;
  override readonly isReported = true;
  declare readonly code: UpstreamErrorCode;
  /** Private, so that the log doesn't serialize the upstream's texts with the error, where they aren't redacted. */
  readonly #details: UpstreamErrorDetails;

  constructor(code: UpstreamErrorCode, message: string, details: UpstreamErrorDetails = {}) {
    super(code, message, extensionsOf(code, details), { cause: details.cause });
    this.#details = details;
  }

  get status(): number | undefined {
    return this.#details.status;
  }

  get retry(): 'always' | 'if-retry-after' | 'never' {
    return this.#details.retry ?? 'never';
  }

  get retryAfterMs(): number | undefined {
    return this.#details.retryAfterMs;
  }

  get lacksRoute(): boolean {
    return this.#details.lacksRoute ?? false;
  }

  get ignoredFilters(): readonly string[] {
    return this.#details.ignoredFilters ?? [];
  }

  get refusedParameters(): readonly RefusedParameter[] {
    return this.#details.refusedParameters ?? [];
  }

  override messageFor(ofProject: boolean): string {
    const { status = 0, ignoredFilters = [], noun = 'run', refusal, clientMessage, maxBytes } = this.#details;
    if (refusal !== undefined) return refusal.message;
    if (clientMessage !== undefined) return clientMessage;
    if (maxBytes !== undefined) {
      return `The response of the runs API is larger than ${maxBytes} bytes, as sent or in memory.`;
    }
    if (ignoredFilters.length === 0) {
      const isOfProject = ofProject && PROJECT_STATUSES.has(status);
      return ERROR_CODES[this.code].message + (isOfProject ? OF_PROJECT : '');
    }
    return `The runs API ignored ${ignoredFilters.join(', ')}: it sent ${noun}s that do not match. It may be too old to support it.`;
  }

  /** Returns a copy that differs in some details. */
  with({ message, ...details }: UpstreamErrorDetails & { readonly message?: string }): UpstreamError {
    return new UpstreamError(this.code, message ?? this.message, { ...this.#details, ...details });
  }
}

function extensionsOf(code: UpstreamErrorCode, details: UpstreamErrorDetails): Extensions {
  const { retry = 'never', retryAfterMs, refusal, ignoredFilters = [], maxBytes } = details;
  return {
    retryable: ERROR_CODES[code].retryable || retry !== 'never',
    ...retryAfter(retryAfterMs),
    ...(refusal !== undefined && { argument: refusal.argument }),
    ...(ignoredFilters.length > 0 && { ignoredArguments: ignoredFilters }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}
