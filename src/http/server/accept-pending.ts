import type { Server } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds without a new connection after which none is pending, and for how long that is awaited. */
const QUIET_MS = 20;
const ACCEPT_MS = 500;

/**
 * Accepts the connections that the operating system has established: it resets those left when the
 * listener closes, and Node accepts one in each turn of the event loop. Ends when there are no new
 * ones for a moment; if they never stop coming, when a turn has none.
 */
export async function acceptPending(server: Server): Promise<void> {
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
