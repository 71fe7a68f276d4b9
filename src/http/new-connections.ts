import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections from which reading begins in one turn of the event loop. */
const AT_ONCE = 200;
/** Turns for each of them while others arrive. */
const TURNS_OF_OTHERS = 50;
/** Milliseconds that a burst lasts at most: where turns are long, others may never cease to arrive. */
const BURST_MS = 500;

/**
 * Reads from new connections, slowly while further ones arrive: Node accepts one in each turn of the event loop, so the
 * requests of a burst would keep waiting who connects after it, such as a probe.
 */
export function readNewConnections(server: Server): void {
  const waiting: Socket[] = [];
  let hasNew = false;
  let turns = 0;
  let beganAt = 0;
  const next = (): void => {
    const isBurst = hasNew && performance.now() - beganAt < BURST_MS;
    const count = isBurst ? Number(++turns % TURNS_OF_OTHERS === 0) : AT_ONCE;
    hasNew = false;
    // The newest first when the burst is over: a probe may be the last of thousands.
    for (const socket of waiting.splice(isBurst ? 0 : -count, count)) beginToRead(socket);
    if (waiting.length > 0) setImmediate(next);
  };
  // Not an option of HTTP servers.
  Object.assign(server, { pauseOnConnect: true });
  server.on('connection', (socket) => {
    hasNew = true;
    if (waiting.push(socket) > 1) return;
    beganAt = performance.now();
    setImmediate(next);
  });
}

/** As Node does unless `pauseOnConnect` is set. `resume` would cost each connection a kilobyte. */
function beginToRead(socket: Socket): void {
  Object.assign(socket, { readableFlowing: null }).read(0);
}
