import { createServer, type Server } from 'node:http';
import { createHostCheck } from './hosts.ts';
import { isLoopback } from './loopback.ts';
import { guardHosts, type NodeListener } from './node-listener.ts';

/** What `listen` needs of a gateway. */
export interface Listenable {
  readonly listener: NodeListener;
  /** The hosts that the listener serves, if it has been told. */
  readonly allowedHosts?: readonly string[] | undefined;
}

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
 * On loopback, only loopback names are served unless the gateway has `allowedHosts`.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  gateway: Listenable,
  { host, port, drainTimeoutMs = 10_000 }: ListenOptions,
): Promise<Listener> {
  let draining = false;
  let { listener } = gateway;
  // A missing Host is refused by the listener, in JSON.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    // Otherwise a client could reuse the connection, and lose its next request.
    if (draining) response.setHeader('connection', 'close');
    listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const { address: ip, port: actualPort } =
    typeof address === 'object' && address !== null ? address : { address: host, port };
  if (isLoopback(ip) && gateway.allowedHosts === undefined) {
    listener = guardHosts(listener, createHostCheck([]));
  }
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
