import type { WebSocket } from 'ws';

/** Operations that one connection may have open. */
export const MAX_OPERATIONS = 100;

/** What graphql-ws answers pings with, with their payload. */
const PONG = '{"type":"pong"';
/** Bytes of answers that may wait to be read when a ping is answered. */
const MAX_UNREAD_BYTES = 64 * 1024;

/**
 * Limits what waits to be read: graphql-ws answers every message, whether or not its answers are read. Also replaces its
 * listener of errors, which prints which clients break the protocol, to an stderr that may be a full pipe.
 */
export function watchReplies(socket: WebSocket): void {
  const send = socket.send.bind(socket);
  let unread = 0;
  Object.assign(socket, {
    send(data: string, done: () => void) {
      if (data.startsWith(PONG) && socket.bufferedAmount > MAX_UNREAD_BYTES) return done();
      // More than the operations of a client that reads can tell.
      if (unread >= 2 * MAX_OPERATIONS) return socket.terminate();
      unread++;
      send(data, () => {
        unread--;
        done();
      });
    },
  });
  socket.removeAllListeners('error').on('error', () => undefined);
}
