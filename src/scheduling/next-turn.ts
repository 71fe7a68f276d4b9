import { setImmediate as immediate } from 'node:timers/promises';

/** Milliseconds of long work in a turn of the event loop after which the rest of it waits. */
const TURN_MS = 10;

/** Turns before a large document is parsed: Node accepts one connection in each, and others must not wait for all documents. */
export const TURNS_OF_OTHERS = 10;

/** The end of the queue for turns, and when the long work of the present turn began. */
let turns = Promise.resolve();
let beganAt: number | undefined;

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. @param count of turns */
export function nextTurn(count = 1): Promise<void> {
  turns = turnsAfter(turns, count);
  return turns;
}

async function turnsAfter(others: Promise<void>, count: number): Promise<void> {
  await others;
  // oxlint-disable-next-line no-await-in-loop -- One turn after the other.
  for (let turn = 0; turn < count; turn++) await immediate();
}

/** Whether long work has had its time in this turn of the event loop, and must wait for another one. */
export function isTurnOver(): boolean {
  if (beganAt === undefined) {
    beganAt = performance.now();
    setImmediate(() => (beganAt = undefined));
  }
  return performance.now() - beganAt > TURN_MS;
}
