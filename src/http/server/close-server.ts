import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Connections } from './connections.ts';

/** Milliseconds without a new connection after which none is pending, and for how long that is awaited. */
const QUIET_MS = 20;
const ACCEPT_MS = 500;
/** Milliseconds that an open connection gets for a request that is on its way when the listener closes. */
const ON_THE_WAY_MS = 250;
/** Milliseconds between searches for connections that have become idle. */
const SWEEP_MS = 50;

/**
 * Stops accepting connections, and resolves when the requests in flight are answered, or when
 * `drainTimeoutMs` is over and the remaining connections are closed.
 */
export async function closeServer(
  server: Server,
  connections: Connections,
  drainTimeoutMs: number,
): Promise<void> {
  await acceptPending(server);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // Unlike the method of HTTP servers, this one leaves idle connections open.
  NetServer.prototype.close.call(server, () => resolve());
  let sweep: NodeJS.Timeout | undefined;
  const settled = setTimeout(() => {
    // Connections become idle one by one as their responses end.
    sweep = setInterval(() => connections.closeIdle(), SWEEP_MS);
    connections.closeIdle();
  }, ON_THE_WAY_MS);
  const fuse = setTimeout(() => connections.closeAll(), drainTimeoutMs);
  await closed;
  clearTimeout(settled);
  clearInterval(sweep);
  clearTimeout(fuse);
  // Ends the checks of timeouts.
  server.close();
}

/**
 * Accepts the connections that the operating system has established: it resets those left when the
 * listener closes, and Node accepts one in each turn of the event loop. Ends when there are no new
 * ones for a moment; if they never stop coming, when a turn has none.
 */
async function acceptPending(server: Server): Promise<void> {
  let accepted = 0;
  const count = (): void => void accepted++;
  server.on('connection', count).on('drop', count);
  const deadline = performance.now() + ACCEPT_MS;
  for (let before = -1; before < accepted && performance.now() < deadline + ACCEPT_MS;) {
    before = accepted;
    if (performance.now() < deadline) await sleep(QUIET_MS);
    // On a busy machine the time may be over before anything was accepted in it.
    await nextTurn();
  }
  server.off('connection', count).off('drop', count);
}
