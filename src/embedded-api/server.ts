import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { unescape } from 'node:querystring';
import type { Duplex } from 'node:stream';
import { collectBody, MAX_BODY_BYTES } from './collect-body.ts';
import type { ProfileOptions } from './profile/index.ts';
import { createApi } from './routes/api.ts';
import { errorReply, type Reply, unhandledReply } from './routes/reply.ts';
import type { ApiRequest } from './routes/router.ts';
import type { RunStore } from './store/store.ts';

export type { CursorDialect } from './profile/lists.ts';

export interface RunsApiOptions extends ProfileOptions {
  /** Not disposed of with the server: the caller owns it. */
  readonly store: RunStore;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, which chooses a free port */
  readonly port?: number;
  /** How long each request waits before it is looked at. @default 0 */
  readonly latencyMs?: number;
  /** The clock by which streams expire and rates are limited. @default the system clock */
  readonly now?: () => Date;
  /** Called with an unexpected error; the client sees a plain 500. @default ignored */
  readonly onError?: (error: unknown) => void;
}

export interface RunsApi extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly baseUrl: string;
}

/** As in uvicorn in Letta 0.16.7: a client that reuses a socket that was idle longer risks a reset. */
const KEEP_ALIVE_MS = 5000;
/** The limit for the request line and headers in bytes, as in uvicorn. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Starts the runs API of Letta 0.16.7, or of another profile, over HTTP. Disposing stops it and closes open connections.
 * @throws the original listen error, such as EADDRINUSE.
 */
export async function startRunsApi(options: RunsApiOptions): Promise<RunsApi> {
  const { host = '127.0.0.1', port = 0, latencyMs = 0, onError } = options;
  const api = createApi({ ...options, now: options.now ?? (() => new Date()) });
  const guarded = <Result>(answer: () => Result): Result | Reply => {
    try {
      return answer();
    } catch (error) {
      onError?.(error);
      return unhandledReply();
    }
  };
  const delayed = (handle: () => void): unknown =>
    latencyMs === 0 ? handle() : setTimeout(handle, latencyMs);
  const respond = (incoming: IncomingMessage, response: ServerResponse, announce = () => {}): void => {
    const result = guarded(() => api(toRequest(incoming)));
    if (!('answer' in result)) {
      incoming.resume();
      return send(response, result);
    }
    announce();
    collectBody(incoming, (body) => {
      if (body !== undefined)
        return send(
          response,
          guarded(() => result.answer(body)),
        );
      response.shouldKeepAlive = false;
      send(response, errorReply(413, `Request body exceeds ${MAX_BODY_BYTES} bytes`), () =>
        incoming.destroy(),
      );
    });
  };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => delayed(() => respond(incoming, response)),
  );
  // uvicorn announces that it reads a body only to routes that read one.
  server.on('checkContinue', (incoming: IncomingMessage, response: ServerResponse) =>
    delayed(() => respond(incoming, response, () => response.writeContinue())),
  );
  server.on('clientError', (_error, socket) => refuse(socket));
  server.listen(port, host);
  await once(server, 'listening');
  return {
    baseUrl: `http://${authority(server)}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function toRequest(incoming: IncomingMessage): ApiRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return {
    method: incoming.method ?? 'GET',
    // Invalid UTF-8 becomes replacement characters, as in Python, instead of an error.
    path: unescape(path),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: firstValues(incoming),
    origin: `http://${incoming.headers.host ?? `${incoming.socket.localAddress}:${incoming.socket.localPort}`}`,
  };
}

function firstValues({ headersDistinct }: IncomingMessage): ApiRequest['headers'] {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.[0]]));
}

function send(
  response: ServerResponse,
  { status, headers, body, isUnhandled }: Reply,
  onSent = () => {},
): void {
  // uvicorn sends `Connection` only to a client that asked for it, and last.
  response.removeHeader('connection');
  response.sendDate = false;
  const closing = response.shouldKeepAlive ? {} : { Connection: 'close' };
  const date = new Date().toUTCString();
  response.writeHead(status, { date, server: 'uvicorn', ...headers, ...closing });
  // After an unhandled error, uvicorn closes the connection without having announced it.
  response.end(body, () => {
    if (isUnhandled) response.socket?.end();
    onSent();
  });
}

/** Answers what isn't HTTP as uvicorn does. */
function refuse(socket: Duplex): void {
  const body = 'Invalid HTTP request received.';
  const headers = 'content-type: text/plain; charset=utf-8\r\nConnection: close';
  if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\n${headers}\r\n\r\n${body}`);
  else socket.destroy();
}

function authority(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new Error(`expected a TCP address, but got: ${bound}`);
  const { address, family, port } = bound;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
