import type { WebSocket } from 'ws';

/** Unread messages beyond which a client is disconnected: a result and an end for each of its operations. */
const MAX_UNREAD = 200;
/** Bytes of unread errors, ends and pongs beyond which a client is disconnected. */
const MAX_UNREAD_BYTES = 128 * 1024;

/** Sends a message. Resolves when it is written, or the connection is closed; never rejects. */
export type Send = (message: string | Uint8Array) => Promise<void>;

/** Returns a function that sends to a client, and disconnects it if it doesn't read. */
export function createSender(socket: WebSocket): Send {
  let unread = 0;
  let unreadBytes = 0;
  return async (message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (unread >= MAX_UNREAD || unreadBytes > MAX_UNREAD_BYTES) return socket.terminate();
    // Only results are bytes, and their requests already count them as memory.
    const bytes = typeof message === 'string' ? message.length : 0;
    unread++;
    unreadBytes += bytes;
    await new Promise<unknown>((resolve) => socket.send(message, { binary: false }, resolve));
    unread--;
    unreadBytes -= bytes;
  };
}
