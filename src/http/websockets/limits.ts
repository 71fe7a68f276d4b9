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
/** Bytes of unread errors, ends and pongs beyond which a client is disconnected. */
const MAX_UNCOUNTED_BYTES = 2 * MAX_UNREAD_BYTES;

/**
 * Limits unread answers: graphql-ws answers every message, whether or not the client reads the answers. Also replaces
 * the listener of errors of graphql-ws, which prints to stderr, and stderr may be a full pipe.
 */
export function limitUnread(socket: WebSocket): void {
  const send = socket.send.bind(socket);
  let unread = 0;
  let uncounted = 0;
  Object.assign(socket, {
    /** @param data text, perhaps as bytes */
    send(data: string | Uint8Array, done: () => void) {
      if (typeof data === 'string' && data.startsWith(PONG) && socket.bufferedAmount > MAX_UNREAD_BYTES)
        return done();
      // A client that reads has at most a result and an end unread for each operation.
      if (unread >= 2 * MAX_OPERATIONS || uncounted > MAX_UNCOUNTED_BYTES) {
        socket.terminate();
        return done();
      }
      // Only results come as bytes: their operations hold them as memory, and end when they are sent.
      const length = typeof data === 'string' ? data.length : 0;
      unread++;
      uncounted += length;
      send(data, { binary: false }, () => {
        unread--;
        uncounted -= length;
        done();
      });
    },
  });
  socket.removeAllListeners('error').on('error', () => undefined);
}
