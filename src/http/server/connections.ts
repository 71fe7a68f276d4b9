import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Holder } from '../../memory/index.ts';
import type { CloseReason } from '../../observability/metrics.ts';
import { acceptPending } from './accept-pending.ts';
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

/** Watches over the connections of a server. */
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

/** Requests that may wait for their turn on one connection, and bytes that one makes the process hold besides its head. */
const MAX_WAITING = 100;
const WAITING_BYTES = 4 * 1024;
/** Milliseconds from which on a connection without a whole request gives way when there are too many. */
const STALE_MS = 1_000;
/** Milliseconds between searches for such connections, and the part of all that is closed at once. */
const SEARCH_MS = 100;
const CLOSED_SHARE = 1 / 100;
/** Systems tell of what was read in lumps of up to 1.7 MB: a client that reads slowly may seem to read nothing for as long. */
const LUMPS = 2;
/** Milliseconds that an open connection gets for a request that is on its way when the listener closes. */
const ON_THE_WAY_MS = 250;

interface Connection {
  readonly holder: Holder | undefined;
  /** The bytes that were read up to the end of its last answer. */
  bytesRead: number;
  /** When it was opened, or its last request began or was answered. */
  since: number;
  /** The response to the request that is handled. */
  response: ServerResponse | undefined;
  /** Those to the requests behind it, with the bytes that they were entered with. */
  readonly waiting: { readonly response: ServerResponse; readonly bytes: number }[];
  isForHttp: boolean;
}

/** Knows more than Node's lists of connections: those count as idle while their answers are still being read. */
export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const { writeTimeoutMs, onClose, opened, handle } = options;
  const open = new Map<Socket, Connection>();
  let isClosing = false;
  let searchedAt = 0;

  const isIdle = (socket: Socket, { response, bytesRead }: Connection): boolean =>
    response === undefined && socket.bytesRead === bytesRead;

  /** Closes those that wait for a request, longest first. Fresh ones are left alone, and what is executed or answered. */
  const makeRoom = (): void => {
    const now = performance.now();
    if (now - searchedAt < SEARCH_MS) return;
    searchedAt = now;
    const stale = [...open].filter(([, { isForHttp, response, bytesRead, since }]) => {
      if (!isForHttp || response?.req.complete === true) return false;
      return (response === undefined && bytesRead > 0) || now - since > STALE_MS;
    });
    const count = Math.ceil(open.size * CLOSED_SHARE);
    for (const [socket] of stale.toSorted(([, a], [, b]) => a.since - b.since).slice(0, count)) {
      onClose('over_limit');
      socket.destroy();
    }
  };

  const start = (connection: Connection, response: ServerResponse): void => {
    connection.response = response;
    connection.since = performance.now();
    response.once('close', () => finish(connection, response.req));
    handle(response.req, response);
  };
  const finish = (connection: Connection, { socket }: IncomingMessage): void => {
    connection.response = undefined;
    connection.bytesRead = socket.bytesRead;
    connection.since = performance.now();
    const next = connection.waiting.shift();
    if (socket.destroyed) return;
    if (next !== undefined) {
      connection.holder?.give('input', next.bytes);
      connection.response = next.response;
      // Others get their turn in between.
      setImmediate(() => {
        if (!socket.destroyed) start(connection, next.response);
      });
    } else if (isClosing) {
      socket.destroy();
    }
  };
  /** A client may send many requests without waiting for an answer: their answers would all be held. */
  const wait = (connection: Connection, response: ServerResponse): boolean => {
    const { holder, waiting } = connection;
    const bytes = response.req.rawHeaders.reduce((sum, text) => sum + text.length, WAITING_BYTES);
    if (waiting.length >= MAX_WAITING || holder?.take('input', bytes) === false) return false;
    waiting.push({ response, bytes });
    return true;
  };

  const closeIdle = async (): Promise<void> => {
    await sleep(ON_THE_WAY_MS, undefined, { ref: false });
    // On a busy machine that time may be over before anything was read in it.
    await nextTurn();
    isClosing = true;
    for (const [socket, connection] of open) if (isIdle(socket, connection)) socket.destroy();
  };

  server.on('connection', (socket) => {
    open.set(socket, {
      holder: opened?.(socket),
      bytesRead: 0,
      since: performance.now(),
      response: undefined,
      waiting: [],
      isForHttp: true,
    });
    socket.once('close', () => open.delete(socket));
    if (open.size >= server.maxConnections) makeRoom();
  });
  server.on('drop', () => {
    onClose('over_limit');
    makeRoom();
  });

  // Node emits this when a connection has been inactive: neither read from nor written to. A large
  // answer that is read slowly counts as activity.
  server.setTimeout(LUMPS * writeTimeoutMs, (socket) => {
    const connection = open.get(socket);
    if (connection?.isForHttp !== true) return;
    if (socket.writableLength > 0) {
      onClose('not_reading');
      socket.destroy();
    } else if (connection.response !== undefined) {
      // Waits for the upstream.
      socket.setTimeout(LUMPS * writeTimeoutMs);
    } else if (connection.bytesRead > 0) {
      // When the process was busy for a while, timers run before what has come meanwhile is read.
      const { bytesRead } = socket;
      setImmediate(() => {
        if (connection.response === undefined && socket.bytesRead === bytesRead) socket.destroy();
      });
    }
  });

  return {
    listener({ socket }, response) {
      const connection = open.get(socket);
      // Of a connection that was closed, requests may still come in.
      if (connection === undefined || socket.destroyed) return;
      if (connection.response === undefined) return start(connection, response);
      if (wait(connection, response)) return;
      onClose('over_limit');
      socket.destroy();
    },
    release(socket) {
      const connection = open.get(socket);
      if (connection !== undefined) connection.isForHttp = false;
    },
    async drain(timeoutMs) {
      await acceptPending(server);
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      // Unlike the method of HTTP servers, this one leaves idle connections open.
      NetServer.prototype.close.call(server, () => resolve());
      void closeIdle();
      const fuse = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, timeoutMs);
      await closed;
      clearTimeout(fuse);
      // Ends the checks of timeouts.
      server.close();
    },
  };
}
