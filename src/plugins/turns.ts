import { setImmediate as immediate } from 'node:timers/promises';

/** The end of the queue. */
let turns = Promise.resolve();

/** Waits for a turn of the event loop of its own: what many requests or streams do at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turns.then(() => immediate());
  return turns;
}
