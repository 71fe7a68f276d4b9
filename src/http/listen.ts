import { createServer, type Server } from 'node:http';
import type { NodeListener } from './node-listener.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Milliseconds that requests in flight get to finish when the listener is disposed. @default 10000 */
  readonly drainTimeoutMs?: number;
}

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
}

/**
 * Serves a gateway over HTTP. Disposing stops accepting connections, and resolves when all requests
 * in flight are answered, or when `drainTimeoutMs` is over and the remaining connections are closed.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  gateway: { readonly listener: NodeListener },
  { host, port, drainTimeoutMs = 10_000 }: ListenOptions,
): Promise<Listener> {
  let draining = false;
  const server = createServer((request, response) => {
    // Otherwise a client could reuse the connection, and lose its next request.
    if (draining) response.setHeader('connection', 'close');
    gateway.listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    [Symbol.asyncDispose]() {
      draining = true;
      return close(server, drainTimeoutMs);
    },
  };
}

async function close(server: Server, drainTimeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections become idle one by one as their responses end.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const fuse = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(fuse);
}
