import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CloseReason } from '../observability/metrics.ts';

export interface ConnectionsOptions {
  /** Milliseconds after which a client that reads nothing of its answer is cut off. */
  readonly writeTimeoutMs: number;
  readonly onClose: (reason: CloseReason) => void;
}

/** Watches over the connections of a server. */
export interface Connections {
  /** Closes the connections on which no request is in flight, whole or in part. */
  closeIdle(): void;
}

export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const { writeTimeoutMs, onClose } = options;
  /** The bytes that were read on each open connection up to the end of its last answer. */
  const bytesRead = new Map<Socket, number>();
  const answering = new Set<ServerResponse>();

  server.on('connection', (socket) => {
    bytesRead.set(socket, 0);
    socket.once('close', () => bytesRead.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      if (bytesRead.has(socket)) bytesRead.set(socket, socket.bytesRead);
    });
  });
  server.on('drop', () => onClose('over_limit'));

  const busySockets = (): ReadonlySet<Socket> => new Set([...answering].map(({ req }) => req.socket));

  // Node emits this when a connection has been inactive: neither read from nor written to. A large
  // answer that is read slowly counts as activity.
  server.setTimeout(writeTimeoutMs, (socket) => {
    if (socket.writableLength > 0) {
      onClose('not_reading');
      socket.destroy();
    } else if (busySockets().has(socket)) {
      // Waits for the upstream.
      socket.setTimeout(writeTimeoutMs);
    } else {
      socket.destroy();
    }
  });

  return {
    closeIdle() {
      const busy = busySockets();
      for (const [socket, bytes] of bytesRead) {
        if (!busy.has(socket) && socket.bytesRead === bytes) socket.destroy();
      }
    },
  };
}
