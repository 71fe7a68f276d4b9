import { Agent } from 'undici';
import { UpstreamError, type UpstreamErrorCode } from '../runs/errors.ts';
import { parseJson } from './parse-json.ts';

export interface HttpOptions {
  /** Root of the API, such as `https://api.letta.com`; a path prefix is kept. */
  readonly baseUrl: string;
  /** Milliseconds for one call, from the connection to the last byte. */
  readonly timeoutMs: number;
}

interface GetOptions {
  readonly authorization: string | null;
  /** Ends the call when the caller has left. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection pool to one upstream. */
export interface Http extends AsyncDisposable {
  /**
   * The parsed body of a 200. Undefined for a 404, and only then: JSON has no such value.
   *
   * @throws UpstreamError for every other outcome
   */
  getJson(path: string, options: GetOptions): Promise<unknown>;
}

/** The API closes idle sockets after 5 s: ours are gone before, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 4_000;

export function createHttp({ baseUrl, timeoutMs }: HttpOptions): Http {
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: KEEP_ALIVE_MS });
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);

  return {
    async getJson(path, { authorization, signal }) {
      const url = new URL(path, base);
      const what = `GET ${url.pathname}`;
      using call = abortable(timeoutMs, signal);
      try {
        const response = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'GET',
          headers: { accept: 'application/json', ...(authorization !== null && { authorization }) },
          signal: call.signal,
        });
        const body = await response.body.text();
        if (response.statusCode === 404) return undefined;
        if (response.statusCode !== 200) throw statusError(what, response.statusCode, response.headers, body);
        return parseBody(what, body);
      } catch (error) {
        if (call.timedOut) {
          throw new UpstreamError('UPSTREAM_TIMEOUT', `${what} took over ${timeoutMs} ms`, { cause: error });
        }
        if (!isNetworkError(error) || signal?.aborted === true) throw error;
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', `${what} failed: ${error.message}`, { cause: error });
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function parseBody(what: string, body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `${what} answered what is not JSON`, {
      cause: error,
    });
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function statusError(what: string, status: number, headers: Headers, body: string): UpstreamError {
  const seconds = Number(headers['retry-after']);
  return new UpstreamError(codeOf(status), `${what} answered ${status}: ${body.slice(0, 500)}`, {
    status,
    ...(Number.isFinite(seconds) && seconds >= 0 && { retryAfterSeconds: seconds }),
  });
}

function codeOf(status: number): UpstreamErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 502 && status <= 504) return 'UPSTREAM_UNAVAILABLE';
  if (status >= 500) return 'UPSTREAM_ERROR';
  if (status >= 400) return 'UPSTREAM_REJECTED';
  return 'UPSTREAM_INVALID_RESPONSE';
}

/** Errors of sockets and of undici carry a code; those without are bugs of ours. */
function isNetworkError(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof UpstreamError) && 'code' in error;
}

interface AbortableCall extends Disposable {
  readonly signal: AbortSignal;
  readonly timedOut: boolean;
}

/**
 * A signal that aborts at the deadline, and with the caller. `AbortSignal.any` would do, but the
 * signal of a request may be a look-alike that it refuses.
 */
function abortable(timeoutMs: number, caller: AbortSignal | undefined): AbortableCall {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  const leave = (): void => controller.abort();
  if (caller?.aborted === true) leave();
  caller?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    get timedOut() {
      return timedOut;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', leave);
    },
  };
}
