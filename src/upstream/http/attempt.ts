import { type Dispatcher, errors as undiciErrors } from 'undici';
import { GatewayError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../../wire/body.ts';
import { secretsOf } from './caller-headers.ts';
import { type ConnectionOptions, createDispatcher } from './dispatcher.ts';
import { type Answer, exchange, type Posted } from './exchange.ts';
import { redactError } from './redact.ts';
import { statusError } from './status-error.ts';

export interface AttemptOptions extends Omit<ConnectionOptions, 'timeoutMs'> {
  /** The root URL of the API; a path prefix is kept. */
  readonly baseUrl: string;
  /** Milliseconds; the timeouts of connecting and of reading the body never exceed it. */
  readonly timeoutMs: number;
  /** Bytes; a larger response is aborted. */
  readonly maxBytes: number;
  /** Removed from errors, like the credentials of the request, because the log has these. @default none */
  readonly secrets?: readonly string[] | undefined;
}

type AttemptHeaders = Readonly<Record<string, string>>;

interface AttemptRequest<T> {
  /** Relative to the root of the API, percent-encoded. */
  readonly path: string;
  readonly headers: AttemptHeaders;
  /** Reads the body of a 200; may throw a SyntaxError for invalid JSON. */
  readonly read: (body: Body) => T;
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

export function createAttempts({
  baseUrl,
  timeoutMs,
  maxBytes,
  secrets = [],
  ...connection
}: AttemptOptions): Attempts {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // A slow list may take until the deadline, which the signal enforces.
    headersTimeout: 0,
    bodyTimeout: timeoutMs > BODY_IDLE_MS ? BODY_IDLE_MS : 0,
    maxResponseSize: maxBytes,
  };
  const reached = { ...connection, timeoutMs: Math.min(CONNECT_MS, timeoutMs) };
  const pool = connection.dispatcher ?? createDispatcher(base.origin, options, reached);
  /** Without pipelining, each connection is closed after its request. */
  const fresh =
    connection.dispatcher ?? createDispatcher(base.origin, { ...options, pipelining: 0 }, reached);
  const password = URL.parse(connection.proxy ?? '')?.password ?? '';
  const own = password === '' ? secrets : [...secrets, password, decodeURIComponent(password)];

  /** For the log, without the query, which may be private. */
  const nameOf = (path: string, method: string): string =>
    `${method} ${base.pathname}${path}`.split('?', 1)[0] ?? method;
  const credentialsOf = (headers: AttemptHeaders): readonly string[] => [...secretsOf(headers), ...own];

  /** Returns what is used of an answer. Errors are as the log may have them, but for those of an abort. */
  const send = async <T>(
    dispatcher: Dispatcher,
    { path, headers, signal }: Omit<AttemptRequest<unknown>, 'read'>,
    use: (answer: Answer) => T,
    posted?: Posted,
  ): Promise<T> => {
    try {
      return use(await exchange(dispatcher, base.pathname + path, headers, signal, posted));
    } catch (error) {
      if (signal.aborted) throw error;
      const name = nameOf(path, posted === undefined ? 'GET' : 'POST');
      const failure = connectionError(name, error, maxBytes) ?? error;
      throw failure instanceof UpstreamError ? redactError(failure, credentialsOf(headers)) : failure;
    }
  };
  /** @throws UpstreamError for a body that is encoded, although none was accepted */
  const checkEncoding = (path: string, { headers }: Answer, method = 'GET'): void => {
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return;
    const message = `${nameOf(path, method)}: unsupported content encoding: ${String(encoding)}`;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', message);
  };
  /** Reads the answer to a request. @throws UpstreamError for any status but 200 */
  const readAnswer = <T>({ path, headers, read }: AttemptRequest<T>, answer: Answer, method: string): T => {
    if (answer.status !== 200) throw statusError(nameOf(path, method), answer, credentialsOf(headers));
    checkEncoding(path, answer, method);
    return read(answer.body);
  };

  return {
    answer: (request) =>
      send(pool, request, (answer) => {
        checkEncoding(request.path, answer);
        return answer;
      }),
    get: (request) =>
      send(pool, request, (answer) =>
        answer.status === 404 ? undefined : readAnswer(request, answer, 'GET'),
      ),
    post: (request) =>
      send(
        fresh,
        { ...request, headers: { ...request.headers, 'content-type': 'application/json' } },
        (answer) => void readAnswer(request, answer, 'POST'),
        request,
      ),
    async [Symbol.asyncDispose]() {
      if (connection.dispatcher === undefined) await Promise.all([pool.destroy(), fresh.destroy()]);
    },
  };
}

/**
 * Converts an error of a connection, or of a body that isn't JSON; returns undefined for any other error, which is
 * unexpected.
 *
 * @param name of the request, for the log
 * @param maxBytes the limit for the size of a response
 */
function connectionError(name: string, error: unknown, maxBytes: number): UpstreamError | undefined {
  if (!(error instanceof Error) || error instanceof GatewayError) return undefined;
  const details = { cause: error, retry: 'always' } as const;
  const message = `${name} failed: ${error.message}`;
  if (error instanceof undiciErrors.ResponseExceededMaxSizeError) {
    const tooLarge = `${name}: the response is larger than ${maxBytes} bytes`;
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', tooLarge, { cause: error, maxBytes });
  }
  if (error instanceof SyntaxError) {
    const invalid = `${name}: the response is not valid JSON`;
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', invalid, { cause: error });
  }
  if (error instanceof undiciErrors.HTTPParserError || error instanceof undiciErrors.HeadersOverflowError) {
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { ...details, retry: 'never' });
  }
  if (error instanceof undiciErrors.BodyTimeoutError) {
    return new UpstreamError('UPSTREAM_TIMEOUT', message, details);
  }
  // Errors of sockets and undici have a code; all others are unexpected errors.
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return new UpstreamError('UPSTREAM_UNAVAILABLE', message, details);
}
