import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for requests in transit when draining begins, also on connections that Node hasn't accepted yet. */
const IN_TRANSIT_MS = 250;

/**
 * Follows the connections of a server.
 *
 * @returns a function that stops accepting connections, and resolves when the requests in flight are answered, or when a
 *   time is over and the remaining connections are closed, also those that were upgraded
 */
export function createDrain(server: Server): (timeoutMs: number) => Promise<void> {
  const open = new Set<Duplex>();
  /** Connections with a request under way, and WebSockets, which close when their operations have ended. */
  const busy = new WeakSet<Duplex>();
  let isDraining = false;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('upgrade', (_request, socket) => void busy.add(socket));
  server.on('request', ({ socket }, response) => {
    busy.add(socket);
    response.once('close', () => {
      busy.delete(socket);
      if (isDraining) socket.destroySoon();
    });
  });

  return async (timeoutMs) => {
    await sleep(IN_TRANSIT_MS);
    isDraining = true;
    const closed = new Promise((resolve) => server.close(resolve));
    // Node closes idle connections, but not those on which a part of a request has arrived.
    using _closeIdle = setTimeout(() => {
      for (const socket of open) if (!busy.has(socket)) socket.destroy();
    }, IN_TRANSIT_MS);
    using _fuse = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, timeoutMs);
    await closed;
  };
}
