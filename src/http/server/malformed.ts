import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';
/** Other errors of Node's parser are 400. */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  [TIMEOUT]: 408,
};
/** Milliseconds in which the rest of a request is discarded; answers that linger themselves take half of it. */
const LINGER_MS = 2_000;

/**
 * Answers what is no HTTP, as Node does, but doesn't close before the client has stopped sending: that would reset the
 * connection, and a proxy that loses the answer takes the gateway for one that is gone.
 *
 * @param isAnswering whether another answer is under way on a connection, which has as long to leave
 */
export function answerMalformed(server: Server, isAnswering: (socket: Socket) => boolean): void {
  const ending = new WeakSet<Socket>();
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    // Each piece that follows is an error as well.
    if (ending.has(socket)) return;
    ending.add(socket);
    if (!socket.writable || code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    if (code === TIMEOUT || !isAnswering(socket)) {
      const status = STATUSES[code] ?? 400;
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}
