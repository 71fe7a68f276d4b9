import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CloseReason } from '../../observability/metrics.ts';

export interface ConnectionsOptions {
  /** Milliseconds after which a client that reads nothing of its answer is cut off. */
  readonly writeTimeoutMs: number;
  readonly onClose: (reason: CloseReason) => void;
}

/** Watches over the connections of a server. */
export interface Connections {
  /** Handles a request when the ones before it on its connection have been answered. */
  inTurn(request: IncomingMessage, response: ServerResponse, handle: () => void): void;
  /** Closes the connections on which no request is in flight, whole or in part. */
  closeIdle(): void;
  /** Closes all of them, also those that were upgraded. */
  closeAll(): void;
}

/** Requests that may wait for their turn on one connection. */
const MAX_WAITING = 100;

interface Connection {
  /** The bytes that were read up to the end of its last answer. */
  bytesRead: number;
  /** The response to the latest request, until it is sent. */
  latest: ServerResponse | undefined;
  /** How many requests wait for their turn. */
  waiting: number;
}

export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const { writeTimeoutMs, onClose } = options;
  const open = new Map<Socket, Connection>();

  server.on('connection', (socket) => {
    open.set(socket, { bytesRead: 0, latest: undefined, waiting: 0 });
    socket.once('close', () => open.delete(socket));
  });
  server.on('drop', () => onClose('over_limit'));

  const isBusy = (socket: Socket): boolean => open.get(socket)?.latest !== undefined;

  // Node emits this when a connection has been inactive: neither read from nor written to. A large
  // answer that is read slowly counts as activity.
  server.setTimeout(writeTimeoutMs, (socket) => {
    if (socket.writableLength > 0) {
      onClose('not_reading');
      socket.destroy();
    } else if (isBusy(socket)) {
      // Waits for the upstream.
      socket.setTimeout(writeTimeoutMs);
    } else {
      socket.destroy();
    }
  });

  return {
    inTurn({ socket }, response, handle) {
      const connection = open.get(socket);
      // Of a connection that was closed, requests may still come in.
      if (connection === undefined || socket.destroyed) return;
      const before = connection.latest;
      connection.latest = response;
      response.once('close', () => {
        connection.bytesRead = socket.bytesRead;
        if (connection.latest === response) connection.latest = undefined;
      });
      // A client may send many requests without waiting for an answer: their answers would all be held.
      if (before === undefined) return handle();
      connection.waiting += 1;
      if (connection.waiting > MAX_WAITING) {
        onClose('over_limit');
        socket.destroy();
      }
      before.once('close', () => {
        connection.waiting -= 1;
        if (!socket.destroyed) handle();
      });
    },
    closeIdle() {
      for (const [socket, { bytesRead, latest }] of open) {
        if (latest === undefined && socket.bytesRead === bytesRead) socket.destroy();
      }
    },
    closeAll() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
