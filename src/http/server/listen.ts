import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHostCheck, type HostCheck, isLoopback } from '../../config/hosts.ts';
import { watchConnections } from './connections.ts';
import { refuse } from './failure.ts';
import {
  type Listenable,
  type ListenOptions,
  streamsEndFromMs,
  streamsEndWithinMs,
} from './listen-options.ts';
import { answerMalformed } from './malformed.ts';
import { checkHost, isWebSocketUpgrade } from './request-head.ts';
import { send } from './send.ts';
import { removeStaleSocket } from './stale-socket.ts';

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`; of a socket, as nginx writes it: `http://unix:/run/gateway.sock:`. */
  readonly url: string;
}

/** Bytes of the headers of a request. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Systems tell of what was read in lumps of up to 1.7 MB: a client that reads slowly may seem to read nothing for as long. */
const LUMPS = 2;
/** Milliseconds between checks of the timeouts of headers and requests. */
const CHECK_MS = 1_000;

/** For the user and the group of the process, such as the one that nginx is in. */
const SOCKET_MODE = 0o660;

/**
 * Serves a gateway over HTTP, where and as its settings say unless the options say otherwise.
 * Disposing serves on for `drainGraceMs`, closing each connection after its answer; then it stops
 * accepting connections, and resolves when all requests in flight are answered, or when
 * `drainTimeoutMs` is over and the remaining connections are closed.
 *
 * On loopback, only loopback names are served unless the gateway has `allowedHosts`.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(gateway: Listenable, options: ListenOptions = {}): Promise<Listener> {
  const { host = gateway.host, port = gateway.port, maxConnections = gateway.maxConnections } = options;
  const { drainGraceMs = gateway.drainGraceMs ?? 0, drainTimeoutMs = gateway.drainTimeoutMs } = options;
  const { socketPath = gateway.socketPath } = options;
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 20_000 } = options;
  const { keepAliveTimeoutMs = 5_000, writeTimeoutMs = 30_000 } = options;
  const { upgrade } = gateway;
  let draining = false;
  let serves: HostCheck | undefined;
  const refusalOf = ({ headers }: IncomingMessage) => serves && checkHost(headers.host, serves);
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, headersTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
    // A missing Host is refused by the listener, in JSON.
    requireHostHeader: false,
    // What is no upgrade is answered as a request, in its turn. Without a handler, Node would close the connection.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      upgrade !== undefined &&
      isWebSocketUpgrade(request) &&
      refusalOf(request) === undefined &&
      !connections.isAnswering(request.socket),
  });
  server.maxConnections = maxConnections;
  const connections = watchConnections(server, gateway, LUMPS * writeTimeoutMs, (request, response) => {
    const refusal = refusalOf(request);
    // Otherwise a client could reuse the connection, and lose its next request; or wait for its WebSocket on it.
    const closes = draining || (refusal !== undefined && isWebSocketUpgrade(request));
    if (closes) response.setHeader('connection', 'close');
    if (refusal === undefined) gateway.listener(request, response);
    else send(request, response, refuse(refusal, request.headers));
  });
  answerMalformed(server, connections.isAnswering);
  server.on('request', connections.listener);
  // The listener refuses those that it doesn't know, in JSON.
  server.on('checkExpectation', connections.listener);
  server.on('upgrade', (request, socket, head) => {
    upgrade?.(request, socket, head);
    connections.release(request.socket);
  });
  if (socketPath !== undefined) await removeStaleSocket(socketPath);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (socketPath === undefined) server.listen(port, host, resolve);
    else server.listen(socketPath, resolve);
  });
  if (socketPath !== undefined) chmodSync(socketPath, SOCKET_MODE);
  const address = server.address();
  const ip = typeof address === 'object' ? address : null;
  // No web page reaches a socket that is a file.
  if (ip !== null && isLoopback(ip.address) && gateway.allowedHosts === undefined)
    serves = createHostCheck([]);
  return {
    url:
      socketPath === undefined
        ? `http://${host.includes(':') ? `[${host}]` : host}:${ip?.port ?? port}`
        : `http://unix:${socketPath}:`,
    async [Symbol.asyncDispose]() {
      draining = true;
      const fromMs = streamsEndFromMs(drainGraceMs, drainTimeoutMs);
      gateway.startDraining?.(streamsEndWithinMs(drainGraceMs, drainTimeoutMs), fromMs);
      await sleep(drainGraceMs);
      gateway.closeUpgraded?.(streamsEndWithinMs(0, drainTimeoutMs));
      await connections.drain(drainTimeoutMs);
    },
  };
}
