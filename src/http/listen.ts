import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHostCheck, type HostCheck, isLoopback } from '../access/host-check.ts';
import { requestIdOf } from '../observability/request-id.ts';
import { checkHostHeader } from './check-head.ts';
import { watchConnections } from './connections.ts';
import { type Listenable, type ListenOptions, streamsEnd } from './listen-options.ts';
import { refuseMalformed } from './malformed-requests.ts';
import { readNewConnections } from './new-connections.ts';
import { removeStaleSocket } from './stale-socket.ts';

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`; of a socket, as nginx writes it: `http://unix:/run/gateway.sock:`. */
  readonly url: string;
}

/** The maximum size of a request's head (target and headers) in bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Milliseconds between checks of the timeouts of headers and requests. */
const CHECK_MS = 1_000;
/** Permissions for the user and the group of the process, such as a group with nginx. */
const SOCKET_MODE = 0o660;

/**
 * Serves a gateway over HTTP; on loopback only by loopback names, unless it has `allowedHosts`. Disposing continues to
 * serve for `drainGraceMs`, and then waits until all requests are answered, at most `drainTimeoutMs`.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(gateway: Listenable, options: ListenOptions = {}): Promise<Listener> {
  const { host = gateway.host, port = gateway.port, maxConnections = gateway.maxConnections } = options;
  const { drainGraceMs = gateway.drainGraceMs, drainTimeoutMs = gateway.drainTimeoutMs } = options;
  const { socketPath = gateway.socketPath } = options;
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000 } = options;
  const { keepAliveTimeoutMs = 5_000, writeTimeoutMs = 30_000 } = options;
  const { upgrade } = gateway;
  let isDraining = false;
  let serves: HostCheck | undefined;
  const refusalOf = (request: IncomingMessage) => serves && checkHostHeader(request, serves);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refusalOf(request);
    // Otherwise a client could reuse the connection, and its next request would fail.
    if (isDraining || refusal !== undefined) response.setHeader('connection', 'close');
    if (refusal === undefined) gateway.listener(request, response);
    else refusal.send(response, requestIdOf(request.headers['x-request-id']));
  };
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, headersTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
    // Node's refusal has no body.
    requireHostHeader: false,
    // Other upgrades are offers that may be ignored: HTTP clients of Java and curl offer HTTP/2 with each request.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      upgrade !== undefined &&
      request.headers.upgrade?.toLowerCase() === 'websocket' &&
      refusalOf(request) === undefined,
  });
  server.maxConnections = maxConnections;
  readNewConnections(server);
  const drain = watchConnections(server, writeTimeoutMs, gateway.connectionClosed);
  server.on('request', serve);
  refuseMalformed(server);
  // CONNECT is for proxies: it is refused by its target.
  if (upgrade !== undefined) server.on('upgrade', upgrade).on('connect', upgrade);
  if (socketPath !== undefined) await removeStaleSocket(socketPath);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (socketPath === undefined) server.listen({ port, host, backlog: maxConnections }, resolve);
    else server.listen(socketPath, resolve);
  });
  if (socketPath !== undefined) chmodSync(socketPath, SOCKET_MODE);
  const address = server.address();
  const ip = typeof address === 'object' ? address : null;
  // Not for a Unix socket, which no web page can reach.
  if (ip !== null && isLoopback(ip.address) && gateway.allowedHosts === undefined)
    serves = createHostCheck([]);
  return {
    url:
      socketPath === undefined
        ? `http://${host.includes(':') ? `[${host}]` : host}:${ip?.port ?? port}`
        : `http://unix:${socketPath}:`,
    async [Symbol.asyncDispose]() {
      isDraining = true;
      const { withinMs, fromMs } = streamsEnd(drainGraceMs, drainTimeoutMs);
      gateway.startDraining?.(withinMs, fromMs);
      await sleep(drainGraceMs);
      gateway.closeUpgraded?.(withinMs - drainGraceMs);
      await drain(drainTimeoutMs);
    },
  };
}
