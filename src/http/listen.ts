import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHostCheck, isLoopback } from '../access/host-check.ts';
import type { CloseReason } from '../observability/journal.ts';
import { requestIdOf } from '../observability/request-id.ts';
import { createDrain } from './drain.ts';
import { hostRefusal } from './host-refusal.ts';
import { type Listenable, type ListenOptions, streamsEnd } from './listen-options.ts';
import { removeStaleSocket } from './stale-socket.ts';

export interface Listener extends AsyncDisposable {
  /** A URL such as `http://127.0.0.1:4000`; for a socket in nginx's form, `http://unix:/run/gateway.sock:`. */
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
  // No web page can reach a Unix socket; any page can have a name that resolves to this machine.
  const isRebindable = socketPath === undefined && gateway.allowedHosts === undefined && isLoopback(host);
  const serves = createHostCheck(isRebindable ? [] : undefined);
  const refusalOf = ({ headers }: IncomingMessage) => hostRefusal(headers.host, serves);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket, headers } = request;
    // Node restarts the timer with each write, and whenever a part of a write was sent.
    response.setTimeout(writeTimeoutMs, () => {
      // If nothing is unsent, the client is not at fault: the response is still to come.
      if (socket.writableLength > 0) cutOff(socket, 'not_reading');
    });
    const refusal = refusalOf(request);
    // Otherwise a client could reuse the connection, and its next request would fail.
    if (isDraining || refusal !== undefined) response.setHeader('connection', 'close');
    if (refusal === undefined) return gateway.listener(request, response);
    const requestId = requestIdOf(headers['x-request-id']);
    gateway.journal?.refused(refusal, { requestId });
    refusal.send(response, requestId);
  };
  const cutOff = (socket: Socket, reason: CloseReason): void => {
    gateway.journal?.connectionClosed(reason);
    socket.destroy();
  };
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, headersTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
    // Other upgrades are offers that may be ignored: HTTP clients of Java and curl offer HTTP/2 with each request.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      upgrade !== undefined &&
      request.headers.upgrade?.toLowerCase() === 'websocket' &&
      refusalOf(request) === undefined,
  });
  server.maxConnections = maxConnections;
  server.on('request', serve).on('drop', () => gateway.journal?.connectionClosed('over_limit'));
  if (upgrade !== undefined) server.on('upgrade', upgrade);
  const drain = createDrain(server);
  if (socketPath !== undefined) await removeStaleSocket(socketPath);
  if (socketPath === undefined) server.listen({ port, host, backlog: maxConnections });
  else server.listen(socketPath);
  await once(server, 'listening');
  // Errors such as EMFILE, too many open files, pass: further connections may be accepted later.
  server.on('error', (error) => gateway.journal?.failed(error, {}));
  if (socketPath !== undefined) chmodSync(socketPath, SOCKET_MODE);
  const address = server.address();
  const boundPort = typeof address === 'object' ? address?.port : undefined;
  return {
    url:
      socketPath === undefined
        ? `http://${host.includes(':') ? `[${host}]` : host}:${boundPort ?? port}`
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
