import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Holder } from '../../memory/index.ts';
import type { CloseReason } from '../../observability/metrics.ts';
import { Connection } from './connection.ts';
import type { NodeListener } from './node-listener.ts';

export interface ConnectionsOptions {
  /** Milliseconds after twice which a client that reads nothing of its answer is cut off. */
  readonly writeTimeoutMs: number;
  readonly onClose: (reason: CloseReason) => void;
  /** Enters a connection in the account of memory, if there is one. */
  readonly opened: ((socket: Socket) => Holder) | undefined;
  /** Handles a request when those before it on its connection have been answered. */
  readonly handle: NodeListener;
}

/** Watches over the connections of a server, those that were upgraded included. */
export interface Connections {
  readonly listener: NodeListener;
  /** It is no longer for HTTP. */
  release(socket: Socket): void;
  /**
   * Stops accepting connections, and resolves when the requests in flight are answered, or when a time is
   * over and the remaining connections are closed, also those that were upgraded.
   */
  drain(timeoutMs: number): Promise<void>;
}

/** Milliseconds from which on a connection without a whole request gives way when there are too many. */
const STALE_MS = 1_000;
/** Milliseconds between searches for such connections, and the part of all that is closed at once. */
const SEARCH_MS = 100;
const CLOSED_SHARE = 1 / 100;
/** Milliseconds between searches for those who read a trickle. */
const SWEEP_MS = 1_000;
/** Systems tell of what was read in lumps of up to 1.7 MB: a client that reads slowly may seem to read nothing for as long. */
const LUMPS = 2;
/** Milliseconds without a new connection after which none is pending, and for how long that is awaited. */
const QUIET_MS = 20;
const ACCEPT_MS = 500;
/** Milliseconds that an open connection gets for a request that is on its way when the listener closes. */
const ON_THE_WAY_MS = 250;

/** Knows more than Node's lists of connections: those count as idle while their answers are still being read. */
export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const { onClose, opened, handle } = options;
  const inactiveMs = LUMPS * options.writeTimeoutMs;
  const open = new Map<Socket, Connection>();
  let isClosing = false;
  let searchedAt = 0;
  /** How many connections have come, those that were dropped included. */
  let arrived = 0;

  const cutOff = (socket: Socket, reason: CloseReason): void => {
    onClose(reason);
    socket.destroy();
  };
  /** Closes those that wait for a request, longest first. Fresh ones are left alone, and what is executed or answered. */
  const makeRoom = (): void => {
    const now = performance.now();
    if (now - searchedAt < SEARCH_MS) return;
    searchedAt = now;
    const stale = [...open].filter(([, connection]) => connection.isStale(STALE_MS));
    const count = Math.ceil(open.size * CLOSED_SHARE);
    for (const [socket] of stale.toSorted(([, a], [, b]) => a.since - b.since).slice(0, count)) {
      cutOff(socket, 'over_limit');
    }
  };
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const [socket, connection] of open) if (connection.isTrickling(now)) cutOff(socket, 'not_reading');
  }, SWEEP_MS).unref();

  server.on('connection', (socket) => {
    arrived++;
    const onIdle = (): void => void (isClosing && socket.destroy());
    open.set(socket, new Connection(socket, opened?.(socket), handle, onIdle));
    socket.once('close', () => open.delete(socket));
    if (open.size >= server.maxConnections) makeRoom();
  });
  server.on('drop', () => {
    arrived++;
    onClose('over_limit');
    makeRoom();
  });
  /** Neither read from nor written to. A large answer that is read slowly counts as activity. */
  const onInactive = (socket: Socket): void => {
    const connection = open.get(socket);
    if (socket.writableLength > 0) return cutOff(socket, 'not_reading');
    // It waits for the upstream.
    if (connection?.isIdle !== true) return void socket.setTimeout(inactiveMs);
    // When the process was busy for a while, timers run before what has come meanwhile is read.
    setImmediate(() => {
      if (connection.isIdle) socket.destroy();
    });
  };
  server.setTimeout(inactiveMs, onInactive);

  /**
   * Accepts the connections that the operating system has established: it resets those left when the
   * listener closes, and Node accepts one in each turn of the event loop. Ends when there are no new
   * ones for a moment; if they never stop coming, when a turn has none.
   */
  const acceptPending = async (): Promise<void> => {
    const deadline = performance.now() + ACCEPT_MS;
    for (let before = -1; before < arrived && performance.now() < deadline + ACCEPT_MS;) {
      before = arrived;
      if (performance.now() < deadline) await sleep(QUIET_MS);
      // On a busy machine the time may be over before anything was accepted in it.
      await nextTurn();
    }
  };
  const closeIdle = async (): Promise<void> => {
    await sleep(ON_THE_WAY_MS, undefined, { ref: false });
    // On a busy machine that time may be over before anything was read in it.
    await nextTurn();
    isClosing = true;
    for (const [socket, connection] of open) if (connection.isIdle) socket.destroy();
  };

  return {
    listener({ socket }, response) {
      const connection = open.get(socket);
      // Of a connection that was closed, requests may still come in.
      if (connection === undefined || socket.destroyed) return;
      if (!connection.receive(response)) cutOff(socket, 'over_limit');
    },
    release(socket) {
      const connection = open.get(socket);
      if (connection !== undefined) connection.isForHttp = false;
      // Both have stopped the watch of the server.
      socket.setTimeout(inactiveMs).on('timeout', () => onInactive(socket));
    },
    async drain(timeoutMs) {
      await acceptPending();
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      // Unlike the method of HTTP servers, this one leaves idle connections open.
      NetServer.prototype.close.call(server, () => resolve());
      void closeIdle();
      const fuse = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, timeoutMs);
      await closed;
      clearTimeout(fuse);
      clearInterval(sweep);
      // Ends the checks of timeouts.
      server.close();
    },
  };
}
