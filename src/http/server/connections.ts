import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { CloseReason } from '../../observability/metrics.ts';
import { Connection } from './connection.ts';
import type { Listenable } from './listen-options.ts';
import type { NodeListener } from './node-listener.ts';

/** The connections of a server, those that were upgraded included. Written by every client, while it is connected. */
export interface Connections {
  /** Handles a request when those before it on its connection have been answered. */
  readonly listener: NodeListener;
  /** Whether an answer is still to come or to leave: another one must not get between. */
  readonly isAnswering: (socket: Socket) => boolean;
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
/** Milliseconds without a new connection after which none is pending, and how often that is awaited. */
const QUIET_MS = 20;
const QUIET_ROUNDS = 25;
/** Milliseconds that an open connection gets for a request that is on its way when the listener closes. */
const ON_THE_WAY_MS = 250;

/**
 * Knows more than Node's lists of connections: those count as idle while their answers are still being read.
 *
 * @param inactiveMs milliseconds after which a client that reads nothing of its answer is cut off
 */
export function watchConnections(
  server: Server,
  { opened, metrics }: Pick<Listenable, 'opened' | 'metrics'>,
  inactiveMs: number,
  handle: NodeListener,
): Connections {
  const open = new Map<Socket, Connection>();
  let isClosing = false;
  let searchedAt = 0;
  /** How many have come, those that were dropped included. */
  let arrived = 0;

  const cutOff = (socket: Socket, reason: CloseReason): void => {
    metrics?.connectionClosed(reason);
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
  /** It was neither read from nor written to. A large answer that is read slowly counts as activity. */
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
  const sweeps = setInterval(() => {
    const now = performance.now();
    for (const [socket, connection] of open) if (connection.isTrickling(now)) cutOff(socket, 'not_reading');
  }, SWEEP_MS).unref();
  const closeIdle = (): void => {
    isClosing = true;
    for (const [socket, connection] of open) if (connection.isIdle) socket.destroy();
  };

  server.on('connection', (socket) => {
    arrived++;
    const onIdle = (): void => void (isClosing && socket.destroy());
    open.set(socket, new Connection(socket, opened?.(socket), handle, onIdle));
    socket.once('close', () => open.delete(socket));
    if (open.size >= server.maxConnections) makeRoom();
  });
  server.on('drop', () => {
    arrived++;
    metrics?.connectionClosed('over_limit');
    makeRoom();
  });
  server.setTimeout(inactiveMs, onInactive);

  return {
    listener({ socket }, response) {
      const connection = open.get(socket);
      // Of a connection that was closed, requests may still come in.
      if (connection === undefined || socket.destroyed) return;
      if (!connection.receive(response)) cutOff(socket, 'over_limit');
    },
    isAnswering: (socket) => open.get(socket)?.isAnswering === true,
    release(socket) {
      const connection = open.get(socket);
      if (connection !== undefined) connection.isForHttp = false;
      // The server has stopped its watch.
      socket.setTimeout(inactiveMs).on('timeout', () => onInactive(socket));
    },
    async drain(timeoutMs) {
      // The operating system resets what it has established and Node has not accepted, one in each turn of its loop.
      for (let round = 0, before = -1; before < arrived && round < QUIET_ROUNDS; round++) {
        before = arrived;
        await sleep(QUIET_MS);
        // On a busy machine that time may be over before anything was accepted in it.
        await nextTurn();
      }
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      // Unlike the method of HTTP servers, this one leaves idle connections open.
      NetServer.prototype.close.call(server, () => resolve());
      // The same holds for what is read.
      setTimeout(() => setImmediate(closeIdle), ON_THE_WAY_MS).unref();
      const fuse = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, timeoutMs);
      await closed;
      clearTimeout(fuse);
      clearInterval(sweeps);
      // Ends the checks of timeouts.
      server.close();
    },
  };
}
