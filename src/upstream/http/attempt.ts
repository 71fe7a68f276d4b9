import { errors as undiciErrors } from 'undici';
import { GatewayError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../body-chunks.ts';
import { type ConnectionOptions, Connections } from './connections.ts';
import { type HttpResponse, exchange, type ExchangeRequest } from './exchange.ts';
import { failure } from './failure-policies.ts';
import { redactError, secretHeaderValues } from './redact.ts';
import { type ApiConventions, statusError } from './status-error.ts';

export interface AttemptOptions extends Omit<ConnectionOptions, 'timeoutMs'> {
  /** The root URL of the API; a path prefix is kept. */
  readonly upstreamUrl: string;
  /** Milliseconds; the timeouts of connecting and of reading the body never exceed it. */
  readonly upstreamTimeoutMs: number;
  /** Bytes; a larger response is aborted. */
  readonly maxBytes: number;
  /** Secrets to remove from texts of errors, which are logged; the request's credentials are removed, too. @default none */
  readonly secrets?: readonly string[] | undefined;
}

/** Reads the body of a 200; may throw a SyntaxError for invalid JSON. */
export type Read<T> = (body: Body) => T;

/** Connect timeout in milliseconds. */
const CONNECT_MS = 3_000;
/** Milliseconds without data after which a response is considered stalled. */
const BODY_IDLE_MS = 5_000;

/** Sends single requests to one API, without retries. */
export function createAttempts(attemptOptions: AttemptOptions, api: ApiConventions) {
  const { upstreamUrl, upstreamTimeoutMs, maxBytes, secrets = [], ...connection } = attemptOptions;
  const base = new URL(upstreamUrl.endsWith('/') ? upstreamUrl : `${upstreamUrl}/`);
  const options = {
    keepAliveTimeout: api.keepAliveMs,
    keepAliveMaxTimeout: api.keepAliveMs,
    // A slow list may take until the deadline, which the signal enforces.
    headersTimeout: 0,
    bodyTimeout: upstreamTimeoutMs > BODY_IDLE_MS ? BODY_IDLE_MS : 0,
    maxResponseSize: maxBytes,
  };
  const connectOptions = { ...connection, timeoutMs: Math.min(CONNECT_MS, upstreamTimeoutMs) };
  const connections = new Connections(base.origin, options, connectOptions);
  const password = decodeURIComponent(URL.parse(connection.upstreamProxy ?? '')?.password ?? '');
  return {
    /**
     * Returns what was read from a 200.
     *
     * @param request its path is relative to the root of the API, and percent-encoded
     * @throws UpstreamError for any other status and for connection errors; the reason of the signal
     */
    async send<T>(request: ExchangeRequest, read: Read<T>): Promise<T> {
      const { path, headers, signal, body } = request;
      const method = body === undefined ? 'GET' : 'POST';
      try {
        const response = await exchange(connections.for(method), { ...request, path: base.pathname + path });
        return readResponse(response, read, api);
      } catch (error) {
        if (signal.aborted) throw error;
        const upstreamError = error instanceof UpstreamError ? error : connectionError(error, maxBytes);
        if (upstreamError === undefined) throw error;
        // The query may be private.
        const name = `${method} ${base.pathname}${path.split('?', 1)[0]}`;
        throw redactError(upstreamError, name, [...secretHeaderValues(headers), ...secrets, password]);
      }
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

function readResponse<T>(response: HttpResponse, read: Read<T>, api: ApiConventions): T {
  if (response.status !== 200) throw statusError(response, api);
  const { 'content-encoding': encoding = 'identity' } = response.headers;
  // The request accepts no other encoding.
  if (encoding !== 'identity') throw failure('encoded', `unsupported encoding ${String(encoding)}`);
  return read(response.body);
}

/** Converts an error of a connection, or of a body that isn't JSON; returns undefined for any other error. */
function connectionError(error: unknown, maxBytes: number): UpstreamError | undefined {
  if (!(error instanceof Error) || error instanceof GatewayError) return undefined;
  const { message } = error;
  const details = { cause: error };
  // The message of JSON.parse has a part of the body.
  if (error instanceof SyntaxError) return failure('notJson', 'the response is not valid JSON', details);
  if (error instanceof undiciErrors.ResponseExceededMaxSizeError) {
    return failure('tooLarge', `the response is larger than ${maxBytes} bytes`, { ...details, maxBytes });
  }
  if (error instanceof undiciErrors.HTTPParserError) return failure('notHttp', message, details);
  if (error instanceof undiciErrors.HeadersOverflowError) return failure('notHttp', message, details);
  if (error instanceof undiciErrors.BodyTimeoutError) return failure('stalledBody', message, details);
  // Errors of sockets and undici have a code; without a code, an error is unexpected.
  const isOfConnection = 'code' in error && typeof error.code === 'string';
  return isOfConnection ? failure('connection', message, details) : undefined;
}
