import { setImmediate as immediate } from 'node:timers/promises';

/** Milliseconds of long work in a turn of the event loop after which the rest of it waits. */
const TURN_MS = 10;

/** The end of the queue for turns, and when the long work of the present turn began. */
let turns = Promise.resolve();
let beganAt: number | undefined;

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}

/** Whether long work has had its time in this turn of the event loop, and must wait for another one. */
export function isTurnOver(): boolean {
  if (beganAt === undefined) {
    beganAt = performance.now();
    setImmediate(() => (beganAt = undefined));
  }
  return performance.now() - beganAt > TURN_MS;
}
