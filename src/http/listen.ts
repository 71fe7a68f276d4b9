import { createServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../observability/metrics.ts';
import { type Connections, watchConnections } from './connections.ts';
import { createHostCheck } from './hosts.ts';
import { isLoopback } from './loopback.ts';
import { guardHosts, type NodeListener } from './node-listener.ts';

/** What `listen` needs of a gateway. */
export interface Listenable {
  readonly listener: NodeListener;
  /** The hosts that the listener serves, if it has been told. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Counts the connections that are closed. */
  readonly metrics?: Pick<Metrics, 'connectionClosed'>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Open connections; further ones are closed at once. @default 10000 */
  readonly maxConnections?: number;
  /** Milliseconds for the headers of a request. @default 10000 */
  readonly headersTimeoutMs?: number;
  /** Milliseconds for a whole request, with its body. @default 30000 */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that a connection may be idle between requests. @default 5000 */
  readonly keepAliveTimeoutMs?: number;
  /** Milliseconds after which a client that reads nothing of its answer is cut off. @default 20000 */
  readonly writeTimeoutMs?: number;
  /** Milliseconds in which everything is still served when the listener is disposed. @default 0 */
  readonly drainGraceMs?: number;
  /** Milliseconds that requests in flight get to finish after that. @default 10000 */
  readonly drainTimeoutMs?: number;
}

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
}

/** Milliseconds without a new connection after which none is pending, and for how long that is awaited. */
const QUIET_MS = 20;
const ACCEPT_MS = 500;
/** Bytes of the headers of a request. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Milliseconds between checks of the timeouts of headers and requests. */
const CHECK_MS = 1_000;
/** Milliseconds that an open connection gets for a request that is on its way when the listener closes. */
const ON_THE_WAY_MS = 250;
/** Milliseconds between searches for connections that have become idle. */
const SWEEP_MS = 50;

/**
 * Serves a gateway over HTTP. Disposing serves on for `drainGraceMs`, closing each connection after
 * its answer; then it stops accepting connections, and resolves when all requests in flight are
 * answered, or when `drainTimeoutMs` is over and the remaining connections are closed.
 *
 * On loopback, only loopback names are served unless the gateway has `allowedHosts`.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(gateway: Listenable, options: ListenOptions): Promise<Listener> {
  const {
    host,
    port,
    maxConnections = 10_000,
    headersTimeoutMs = 10_000,
    requestTimeoutMs = 30_000,
  } = options;
  const { keepAliveTimeoutMs = 5_000, writeTimeoutMs = 20_000 } = options;
  const { drainGraceMs = 0, drainTimeoutMs = 10_000 } = options;
  let draining = false;
  let { listener } = gateway;
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, headersTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
    // A missing Host is refused by the listener, in JSON.
    requireHostHeader: false,
  };
  const server = createServer(limits);
  server.maxConnections = maxConnections;
  const connections = watchConnections(server, {
    writeTimeoutMs,
    onClose: (reason) => gateway.metrics?.connectionClosed(reason),
  });
  const onRequest: NodeListener = (request, response) => {
    // Otherwise a client could reuse the connection, and lose its next request.
    if (draining) response.setHeader('connection', 'close');
    connections.inTurn(request, response, () => listener(request, response));
  };
  server.on('request', onRequest);
  // The listener refuses those that it doesn't know, in JSON.
  server.on('checkExpectation', onRequest);
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
    async [Symbol.asyncDispose]() {
      draining = true;
      await sleep(drainGraceMs);
      await close(server, connections, drainTimeoutMs);
    },
  };
}

async function close(server: Server, connections: Connections, drainTimeoutMs: number): Promise<void> {
  await acceptPending(server);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // Unlike the method of HTTP servers, this one leaves idle connections open.
  NetServer.prototype.close.call(server, () => resolve());
  let sweep: NodeJS.Timeout | undefined;
  const settled = setTimeout(() => {
    // Connections become idle one by one as their responses end.
    sweep = setInterval(() => connections.closeIdle(), SWEEP_MS);
    connections.closeIdle();
  }, ON_THE_WAY_MS);
  const fuse = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
  await closed;
  clearTimeout(settled);
  clearInterval(sweep);
  clearTimeout(fuse);
  // Ends the checks of timeouts.
  server.close();
}

/**
 * Accepts the connections that the operating system has established: it resets those left when the
 * listener closes, and Node accepts one in each turn of the event loop. Ends when there are no new
 * ones for a moment; if they never stop coming, when a turn has none.
 */
async function acceptPending(server: Server): Promise<void> {
  let accepted = 0;
  const count = (): void => void accepted++;
  server.on('connection', count).on('drop', count);
  const deadline = performance.now() + ACCEPT_MS;
  for (let before = -1; before < accepted && performance.now() < deadline + ACCEPT_MS;) {
    before = accepted;
    await (performance.now() < deadline ? sleep(QUIET_MS) : nextTurn());
  }
  server.off('connection', count).off('drop', count);
}
