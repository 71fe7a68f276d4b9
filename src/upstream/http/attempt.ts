import { Pool } from 'undici';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../../wire/body.ts';
import { secretsOf } from './caller-headers.ts';
import { connectionError } from './connection-error.ts';
import { type Answer, exchange, type Posted } from './exchange.ts';
import { redactError } from './redact.ts';
import { statusError } from './status-error.ts';

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
  /** Called with the bytes of a GET's response as they arrive. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Cancels the attempt at once, and closes its connection. */
  readonly signal: AbortSignal;
}

/** Sends single requests to one API, without retries. */
export interface Attempts extends AsyncDisposable {
  /**
   * Returns the response to a GET, whatever its status.
   *
   * @throws UpstreamError for connection errors, and for a body that is encoded
   */
  answer(request: Omit<AttemptRequest<unknown>, 'read'>): Promise<Answer>;
  /**
   * Returns what was read from a 200, or undefined for a 404.
   *
   * @throws UpstreamError for any other status and for connection errors
   */
  get<T>(request: AttemptRequest<T>): Promise<T | undefined>;
  /**
   * Sends JSON, and reads the answer, on a connection of its own: on one that was used before, which the API may be closing,
   * the request could be lost without an answer.
   *
   * @throws UpstreamError for any status but 200 and for connection errors
   */
  post(request: AttemptRequest<unknown> & Posted): Promise<void>;
}

/** Less than the 5 s after which the API closes idle sockets, so that no request is sent on a closing one. */
const KEEP_ALIVE_MS = 4_000;
/** Connect timeout in milliseconds. */
const CONNECT_MS = 3_000;
/** Milliseconds without data after which a response is considered stalled. */
const BODY_IDLE_MS = 5_000;

export function createAttempts({ baseUrl, timeoutMs, maxBytes, secrets = [] }: AttemptOptions): Attempts {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs) },
    // A slow list may take until the deadline, which the signal enforces.
    headersTimeout: 0,
    bodyTimeout: timeoutMs > BODY_IDLE_MS ? BODY_IDLE_MS : 0,
    maxResponseSize: maxBytes,
  };
  const pool = new Pool(base.origin, options);
  /** Without pipelining, each connection is closed after its request. */
  const fresh = new Pool(base.origin, { ...options, pipelining: 0 });

  const credentialsOf = (headers: Readonly<Record<string, string>>): readonly string[] => [
    ...secretsOf(headers),
    ...secrets,
  ];

  /** Converts errors for the log and redacts them; those of an abort are passed on as they are. */
  const reported = (
    name: string,
    error: unknown,
    request: Omit<AttemptRequest<unknown>, 'read'>,
  ): unknown => {
    if (request.signal.aborted) return error;
    const failure = connectionError(name, error, maxBytes) ?? error;
    return failure instanceof UpstreamError ? redactError(failure, credentialsOf(request.headers)) : failure;
  };

  return {
    async answer(request) {
      const address = base.pathname + request.path;
      try {
        const answer = await exchange(pool, address, request.headers, request.signal);
        checkEncoding(nameOf('GET', address), answer);
        return answer;
      } catch (error) {
        throw reported(nameOf('GET', address), error, request);
      }
    },
    async get(request) {
      const { path, headers, read, signal, onBytes } = request;
      const address = base.pathname + path;
      const name = nameOf('GET', address);
      try {
        const answer = await exchange(pool, address, headers, signal, undefined, onBytes);
        if (answer.status === 200) return readAnswer(name, answer, read);
        if (answer.status === 404) return undefined;
        throw statusError(name, answer, credentialsOf(headers));
      } catch (error) {
        throw reported(name, error, request);
      }
    },
    async post(request) {
      const { path, read, signal } = request;
      const address = base.pathname + path;
      const name = nameOf('POST', address);
      const headers = { ...request.headers, 'content-type': 'application/json' };
      try {
        const answer = await exchange(fresh, address, headers, signal, request);
        if (answer.status !== 200) throw statusError(name, answer, credentialsOf(headers));
        readAnswer(name, answer, read);
      } catch (error) {
        throw reported(name, error, request);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.destroy(), fresh.destroy()]);
    },
  };
}

/** Names a request for the log, without the query, which may be private. */
function nameOf(method: string, address: string): string {
  return `${method} ${address.split('?', 1)[0]}`;
}

function readAnswer<T>(name: string, answer: Answer, read: (body: Body) => T): T {
  checkEncoding(name, answer);
  try {
    return read(answer.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `${name}: the response is not valid JSON`, {
      cause: error,
    });
  }
}

/** @throws UpstreamError for a body that is encoded, although none was accepted */
function checkEncoding(name: string, { headers }: Answer): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  throw new UpstreamError(
    'UPSTREAM_INVALID_RESPONSE',
    `${name}: unsupported content encoding: ${String(encoding)}`,
  );
}
