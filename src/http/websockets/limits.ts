import type { WebSocket } from 'ws';

/** The maximum size of a message in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** The most frames of a message, and a quarter of the most chunks of a frame: each costs more than its bytes. */
export const MAX_PARTS = 256;
/** Operations that one connection may have open. */
export const MAX_OPERATIONS = 100;

/** The beginning of an answer to a ping, which has the payload of the ping. */
const PONG = '{"type":"pong"';
/** Bytes of unread answers beyond which pings are not answered. */
const MAX_UNREAD_BYTES = 64 * 1024;

/**
 * Limits unread answers: graphql-ws answers every message, whether or not the client reads the answers. Also replaces
 * the listener of errors of graphql-ws, which prints to stderr, and stderr may be a full pipe.
 */
export function limitUnread(socket: WebSocket): void {
  const send = socket.send.bind(socket);
  let unread = 0;
  Object.assign(socket, {
    /** @param data text, perhaps as bytes */
    send(data: string | Uint8Array, done: () => void) {
      if (typeof data === 'string' && data.startsWith(PONG) && socket.bufferedAmount > MAX_UNREAD_BYTES)
        return done();
      // A client that reads has at most a result and an end unread for each operation.
      if (unread >= 2 * MAX_OPERATIONS) return socket.terminate();
      unread++;
      send(data, { binary: false }, () => {
        unread--;
        done();
      });
    },
  });
  socket.removeAllListeners('error').on('error', () => undefined);
}
