import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unescape } from 'node:querystring';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileOptions } from '../options.ts';
import type { RunStore } from '../store/run-store.ts';
import { createApi } from './api.ts';
import { failure } from './request-reply.ts';

export interface RunsApiOptions extends ProfileOptions {
  readonly store: RunStore;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, which chooses a free port */
  readonly port?: number;
  /** The delay of each request. @default 0 */
  readonly latencyMs?: number;
  /** The clock by which runs are cancelled and rates are limited. @default the system clock */
  readonly now?: () => Date;
  /** Called with an unexpected error; the client sees a plain 500. @default ignored */
  readonly onError?: (error: unknown) => void;
}

/** As in uvicorn in Letta 0.16.7: a client that reuses a socket that was idle longer risks a reset. */
const KEEP_ALIVE_MS = 5000;
/** The limit for the request line and headers in bytes, as in uvicorn. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Letta 0.16.7 reads bodies of any size; no request of the gateway needs more. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Starts the runs API of Letta 0.16.7, or of another profile, over HTTP. Disposing stops it and closes open connections.
 * @throws the original listen error, such as EADDRINUSE.
 */
export async function startRunsApi(options: RunsApiOptions) {
  const { host = '127.0.0.1', port = 0, latencyMs = 0, now = () => new Date(), onError } = options;
  const api = createApi({ ...options, now });
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (latencyMs > 0) await sleep(latencyMs);
    const { method = 'GET', url = '/', headers } = incoming;
    const [path = '', ...query] = url.split('?');
    // Invalid UTF-8 becomes replacement characters, as in Python, instead of an error.
    const target = { path: unescape(path), query: new URLSearchParams(query.join('?')) };
    const body = method === 'POST' ? await readBody(incoming) : '';
    const reply = api({ method, ...target, headers, body });
    // Clients can distinguish this server from Letta, whose answers name uvicorn.
    const always = { server: 'runs-gateway', 'content-type': 'application/json' };
    const length = Buffer.byteLength(reply.body);
    response.writeHead(reply.status, { ...always, 'content-length': length, ...reply.headers });
    response.end(reply.body);
  };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => {
      respond(incoming, response).catch((error: unknown) => {
        // A client that goes away before its body is complete gets no response.
        if (!incoming.complete) return;
        onError?.(error);
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(failure(500, 'An unknown error occurred').reply.body);
      });
    },
  );
  server.listen(port, host);
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It listens on TCP.
  const bound = server.address() as AddressInfo;
  return {
    /** `http://127.0.0.1:PORT`, without a slash at the end. */
    baseUrl: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Returns a body, cut at the largest size, so that a larger one is invalid JSON, and refused. */
async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
