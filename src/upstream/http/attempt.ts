import { Pool, errors as undiciErrors } from 'undici';
import { UpstreamError, type UpstreamErrorCode } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';
import { type Answer, exchange } from './exchange.ts';
import { redact, redactError } from './redact.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface AttemptOptions {
  /** The root URL of the API; a path prefix is kept. */
  readonly baseUrl: string;
  /** Milliseconds; the timeouts of connecting and of reading the body never exceed it. */
  readonly timeoutMs: number;
  /** Bytes; a larger response is aborted. */
  readonly maxBytes: number;
  /** Removed from errors, like the credentials of the request, because the log has these. @default none */
  readonly secrets?: readonly string[] | undefined;
}

interface AttemptRequest<T> {
  /** Relative to the root of the API, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body of a 200; may throw a SyntaxError for invalid JSON. */
  readonly read: (body: Body) => T;
  /** Cancels the attempt at once, and closes its connection. */
  readonly signal: AbortSignal;
}

/** Sends single requests through one connection pool, without retries. */
export interface Attempts extends AsyncDisposable {
  /**
   * Returns what was read from a 200, or undefined for a 404.
   *
   * @throws UpstreamError for any other status and for connection errors
   */
  get<T>(request: AttemptRequest<T>): Promise<T | undefined>;
}

/** Less than the 5 s after which the API closes idle sockets, so that no request is sent on a closing one. */
const KEEP_ALIVE_MS = 4_000;
/** Connect timeout in milliseconds. */
const CONNECT_MS = 3_000;
/** Characters of an error body that are logged. */
const MAX_TEXT = 500;
/** Milliseconds without data after which a response is considered stalled. */
const BODY_IDLE_MS = 5_000;

export function createAttempts({ baseUrl, timeoutMs, maxBytes, secrets = [] }: AttemptOptions): Attempts {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const pool = new Pool(base.origin, {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs) },
    // A slow list may take until the deadline, which the signal enforces.
    headersTimeout: 0,
    bodyTimeout: timeoutMs > BODY_IDLE_MS ? BODY_IDLE_MS : 0,
    maxResponseSize: maxBytes,
  });

  return {
    async get({ path, headers, read, signal }) {
      const address = base.pathname + path;
      const credentials = [headers['authorization'] ?? '', ...secrets];
      try {
        const answer = await exchange(pool, address, headers, signal);
        if (answer.status === 404) return undefined;
        if (answer.status !== 200) throw statusError(address, answer, credentials);
        return readAnswer(address, answer, read);
      } catch (error) {
        if (signal.aborted) throw error;
        const failure = connectionError(address, error) ?? error;
        throw failure instanceof UpstreamError ? redactError(failure, credentials) : failure;
      }
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

/** Names a request for the log, without the query, which may be private. */
function nameOf(address: string): string {
  return `GET ${address.split('?', 1)[0]}`;
}

function readAnswer<T>(address: string, { headers, body }: Answer, read: (body: Body) => T): T {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      `${nameOf(address)}: unsupported content encoding: ${String(encoding)}`,
    );
  }
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      `${nameOf(address)}: the response is not valid JSON`,
      {
        cause: error,
      },
    );
  }
}

function statusError(address: string, answer: Answer, credentials: readonly string[]): UpstreamError {
  const { status, headers, body } = answer;
  const retryAfter = headers['retry-after'];
  const retryAfterSeconds = parseRetryAfter(
    Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    Date.now(),
  );
  // Redacted before it is cut, so that no part of a secret is left at the end.
  const text = redact(body.text().slice(0, 8 * MAX_TEXT), credentials).slice(0, MAX_TEXT);
  return new UpstreamError(codeOfStatus(status), `${nameOf(address)} answered ${status}: ${text}`, {
    status,
    retryAfterSeconds,
    retry: retryOfStatus(status),
  });
}
function codeOfStatus(status: number): UpstreamErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 502 && status <= 504) return 'UPSTREAM_UNAVAILABLE';
  if (status >= 500) return 'UPSTREAM_ERROR';
  if (status >= 400) return 'UPSTREAM_REJECTED';
  // Redirects included: requests use canonical URLs, so a redirect would lead elsewhere.
  return 'UPSTREAM_INVALID_RESPONSE';
}

/** The API answers 500 while its database is down; 520 to 526 come from a Cloudflare proxy in front of it. */
function retryOfStatus(status: number): 'always' | 'if-retry-after' | 'never' {
  if (status === 408 || status === 500 || (status >= 502 && status <= 504)) return 'always';
  if (status >= 520 && status <= 526) return 'always';
  return status === 409 || status === 429 ? 'if-retry-after' : 'never';
}

/** Converts a connection error; returns undefined for any other error, which is unexpected. */
function connectionError(address: string, error: unknown): UpstreamError | undefined {
  if (!(error instanceof Error) || error instanceof UpstreamError) return undefined;
  const details = { cause: error, retry: 'always' } as const;
  const message = `${nameOf(address)} failed: ${error.message}`;
  if (
    error instanceof undiciErrors.HTTPParserError ||
    error instanceof undiciErrors.HeadersOverflowError ||
    error instanceof undiciErrors.ResponseExceededMaxSizeError
  ) {
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { ...details, retry: 'never' });
  }
  if (error instanceof undiciErrors.BodyTimeoutError) {
    return new UpstreamError('UPSTREAM_TIMEOUT', message, details);
  }
  // Errors of sockets and undici have a code; others are bugs.
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return new UpstreamError('UPSTREAM_UNAVAILABLE', message, details);
}
