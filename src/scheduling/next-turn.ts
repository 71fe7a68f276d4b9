import { setImmediate as immediate } from 'node:timers/promises';

/** Settles with the last turn in the queue. */
let turns = Promise.resolve();

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}
