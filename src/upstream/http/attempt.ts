import { errors as undiciErrors } from 'undici';
import { GatewayError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../../wire/body.ts';
import { secretsOf } from './caller-headers.ts';
import { type ConnectionOptions, createDispatcher } from './dispatcher.ts';
import { type Answer, exchange, type ExchangeRequest } from './exchange.ts';
import { failure, type FailureKind } from './policies.ts';
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

/** Sends single requests to one API, without retries. Paths are relative to its root, and percent-encoded. */
export interface Attempts extends AsyncDisposable {
  /** Returns the response, whatever its status. @throws UpstreamError for connection errors */
  answer(request: ExchangeRequest): Promise<Answer>;
  /**
   * Returns what was read from a 200, or undefined for a GET that is answered 404.
   *
   * @param read may throw a SyntaxError for invalid JSON
   * @throws UpstreamError for any other status and for connection errors
   */
  read<T>(request: ExchangeRequest, read: (body: Body) => T): Promise<T | undefined>;
}

/** Less than the 5 s after which the API closes idle sockets, so that no request is sent on a closing one. */
const KEEP_ALIVE_MS = 4_000;
/** Connect timeout in milliseconds. */
const CONNECT_MS = 3_000;
/** Milliseconds without data after which a response is considered stalled. */
const BODY_IDLE_MS = 5_000;

export function createAttempts(all: AttemptOptions): Attempts {
  const { baseUrl, timeoutMs, maxBytes, secrets = [], ...connection } = all;
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
  // A POST goes by a connection of its own, as there are without pipelining: on one that was used before, which the API
  // may be closing, it could be lost without an answer.
  const fresh =
    connection.dispatcher ?? createDispatcher(base.origin, { ...options, pipelining: 0 }, reached);
  const password = URL.parse(connection.proxy ?? '')?.password ?? '';

  /** For the log, without the query, which may be private. */
  const nameOf = ({ path, body }: ExchangeRequest): string =>
    `${body === undefined ? 'GET' : 'POST'} ${base.pathname}${path.split('?', 1)[0]}`;
  const credentialsOf = ({ headers }: ExchangeRequest): readonly string[] => [
    ...secretsOf(headers),
    ...secrets,
    password,
    decodeURIComponent(password),
  ];

  /** Errors are as the log may have them, but for those of an abort. */
  const send = async <T>(request: ExchangeRequest, use: (answer: Answer) => T): Promise<T> => {
    const dispatcher = request.body === undefined ? pool : fresh;
    try {
      const answer = await exchange(dispatcher, { ...request, path: base.pathname + request.path });
      const { 'content-encoding': encoding = 'identity' } = answer.headers;
      // None was accepted.
      if (answer.status === 200 && encoding !== 'identity') {
        throw failure('encoded', `${nameOf(request)}: unsupported encoding ${String(encoding)}`);
      }
      return use(answer);
    } catch (error) {
      if (request.signal.aborted) throw error;
      const known = connectionError(nameOf(request), error, maxBytes) ?? error;
      throw known instanceof UpstreamError ? redactError(known, credentialsOf(request)) : known;
    }
  };

  return {
    answer: (request) => send(request, (answer) => answer),
    read: (request, read) =>
      send(request, (answer) => {
        if (answer.status === 200) return read(answer.body);
        if (answer.status === 404 && request.body === undefined) return undefined;
        throw statusError(nameOf(request), answer, credentialsOf(request));
      }),
    async [Symbol.asyncDispose]() {
      if (connection.dispatcher === undefined) await Promise.all([pool.destroy(), fresh.destroy()]);
    },
  };
}

/** Converts an error of a connection, or of a body that isn't JSON; returns undefined for any other error. */
function connectionError(name: string, error: unknown, maxBytes: number): UpstreamError | undefined {
  const kind = kindOf(error);
  if (kind === undefined || !(error instanceof Error)) return undefined;
  const problems: Partial<Record<FailureKind, string>> = {
    // The message of JSON.parse has a part of the body.
    notJson: ': the response is not valid JSON',
    tooLarge: `: the response is larger than ${maxBytes} bytes`,
  };
  const message = name + (problems[kind] ?? ` failed: ${error.message}`);
  return failure(kind, message, { cause: error, ...(kind === 'tooLarge' && { maxBytes }) });
}

function kindOf(error: unknown): FailureKind | undefined {
  if (!(error instanceof Error) || error instanceof GatewayError) return undefined;
  if (error instanceof SyntaxError) return 'notJson';
  if (error instanceof undiciErrors.ResponseExceededMaxSizeError) return 'tooLarge';
  if (error instanceof undiciErrors.HTTPParserError) return 'notHttp';
  if (error instanceof undiciErrors.HeadersOverflowError) return 'notHttp';
  if (error instanceof undiciErrors.BodyTimeoutError) return 'stalledBody';
  // Errors of sockets and undici have a code; all others are unexpected errors.
  return 'code' in error && typeof error.code === 'string' ? 'connection' : undefined;
}
