import { setImmediate as immediate } from 'node:timers/promises';

/** The end of the queue for turns. */
let turns = Promise.resolve();

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}
