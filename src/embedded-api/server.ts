import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { unescape } from 'node:querystring';
import { createApi } from './routes/api.ts';
import type { CursorDialect } from './routes/cursor-dialect.ts';
import { errorReply, type Reply } from './routes/reply.ts';
import type { ApiRequest } from './routes/router.ts';
import type { RunStore } from './store/store.ts';

export type { CursorDialect } from './routes/cursor-dialect.ts';

export interface RunsApiOptions {
  /** Not disposed of with the server: the caller owns it. */
  readonly store: RunStore;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, which chooses a free port */
  readonly port?: number;
  /** @default 'reversed', as Letta 0.14.0 to 0.16.7 */
  readonly dialect?: CursorDialect;
  /** Required by every route but health and readiness. @default none */
  readonly password?: string;
  /** The clock by which streams expire. @default the system clock */
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
 * Starts the runs API of Letta 0.16.7 over HTTP. Disposing stops it and closes open connections.
 * @throws the original listen error, such as EADDRINUSE.
 */
export async function startRunsApi(options: RunsApiOptions): Promise<RunsApi> {
  const { store, host = '127.0.0.1', port = 0, dialect = 'reversed', password, onError } = options;
  const api = createApi({ store, dialect, password, now: options.now ?? (() => new Date()) });
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => {
      incoming.resume();
      let reply: Reply;
      try {
        reply = api(toRequest(incoming));
      } catch (error) {
        onError?.(error);
        reply = errorReply(500, 'An unknown error occurred');
      }
      send(response, reply);
    },
  );
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
    headers: incoming.headers,
    origin: `http://${incoming.headers.host ?? `${incoming.socket.localAddress}:${incoming.socket.localPort}`}`,
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = Buffer.from(body, 'utf8');
  // uvicorn sends no `connection: keep-alive`.
  response.removeHeader('connection');
  response.writeHead(status, { server: 'uvicorn', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

function authority(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new Error(`expected a TCP address, but got: ${bound}`);
  const { address, family, port } = bound;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
