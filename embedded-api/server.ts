import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { unescape } from 'node:querystring';
import type { ProfileOptions } from './options.ts';
import { createApi } from './routes/api.ts';
import { failure, type Reply } from './routes/reply.ts';
import type { RunStore } from './store.ts';

export interface RunsApiOptions extends ProfileOptions {
  readonly store: RunStore;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, which chooses a free port */
  readonly port?: number;
  /** How long each request waits before it is looked at. @default 0 */
  readonly latencyMs?: number;
  /** The clock by which runs are cancelled and rates are limited. @default the system clock */
  readonly now?: () => Date;
  /** Called with an unexpected error; the client sees a plain 500. @default ignored */
  readonly onError?: (error: unknown) => void;
}

export interface RunsApi extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly baseUrl: string;
}

/** By which it can be told from Letta, whose answers name uvicorn here. */
const SERVER = 'runs-gateway';
/** As in uvicorn in Letta 0.16.7: a client that reuses a socket that was idle longer risks a reset. */
const KEEP_ALIVE_MS = 5000;
/** The limit for the request line and headers in bytes, as in uvicorn. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Letta 0.16.7 reads bodies of any size; nothing that is taken here needs more. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Starts the runs API of Letta 0.16.7, or of another profile, over HTTP. Disposing stops it and closes open connections.
 * @throws the original listen error, such as EADDRINUSE.
 */
export async function startRunsApi(options: RunsApiOptions): Promise<RunsApi> {
  const { host = '127.0.0.1', port = 0, latencyMs = 0, onError } = options;
  const api = createApi({ ...options, now: options.now ?? (() => new Date()) });
  const answer = (incoming: IncomingMessage, body: string | undefined): Reply => {
    if (body === undefined) return failure(413, `Request body exceeds ${MAX_BODY_BYTES} bytes`).reply;
    try {
      return api({ ...target(incoming), headers: incoming.headers, body });
    } catch (error) {
      onError?.(error);
      return failure(500, 'An unknown error occurred').reply;
    }
  };
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    try {
      const body = incoming.method === 'POST' ? await readBody(incoming) : '';
      send(response, answer(incoming, body));
    } catch (error) {
      // A client that goes away before its body is complete gets no answer.
      if (!incoming.destroyed) throw error;
    }
  };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => void respond(incoming, response),
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

function target({ method = 'GET', url = '/' }: IncomingMessage) {
  const [path = '', ...query] = url.split('?');
  // Invalid UTF-8 becomes replacement characters, as in Python, instead of an error.
  return { method, path: unescape(path), query: new URLSearchParams(query.join('?')) };
}

/** Undefined for one that is too large. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const length = Buffer.byteLength(body, 'utf8');
  response.writeHead(status, {
    server: SERVER,
    'content-type': 'application/json',
    'content-length': length,
    ...headers,
  });
  response.end(body);
}

function authority(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new Error(`expected a TCP address, but got: ${bound}`);
  const { address, family, port } = bound;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
