import { setImmediate as immediate } from 'node:timers/promises';

/** Milliseconds of work in a turn of the event loop after which other work should get its turn. */
const TURN_MS = 10;

/** The end of the queue for turns, and when the last turn began. */
let turns = Promise.resolve();
let beganAt = 0;

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns
    .then(() => immediate())
    .then(() => {
      beganAt = performance.now();
    });
  return turns;
}

/** Whether long work should wait for its next turn. */
export function isTurnOver(): boolean {
  return performance.now() - beganAt > TURN_MS;
}
