import type { WebSocket } from 'ws';

/** Operations that one connection may have open. */
export const MAX_OPERATIONS = 100;

/** What the library answers pings with, and their payload. */
const PONG = '{"type":"pong"';

/**
 * Limits what waits to be read: the library answers every message, whether or not its answers are read. Nor does it
 * print any longer who leaves or breaks the protocol: stderr may be a full pipe.
 */
export function watchReplies(socket: WebSocket): void {
  const send = socket.send.bind(socket);
  let unread = 0;
  let isPongUnread = false;
  Object.assign(socket, {
    send(data: string, done: () => void) {
      const isPong = data.startsWith(PONG);
      // Whoever reads nothing is told once, and cut off when there is more than its operations can tell.
      if (isPong && isPongUnread) return done();
      if (unread >= 2 * MAX_OPERATIONS) return socket.terminate();
      unread++;
      if (isPong) isPongUnread = true;
      send(data, () => {
        unread--;
        if (isPong) isPongUnread = false;
        done();
      });
    },
  });
  socket.removeAllListeners('error').on('error', () => undefined);
}
