import { setImmediate as immediate } from 'node:timers/promises';
import { FairQueue } from './fair-queue.ts';

/** Milliseconds of long work in a turn of the event loop after which the rest of it waits. */
const TURN_MS = 10;

/** Turns before a large document is parsed: Node accepts one connection in each, and others must not wait for all documents. */
const TURNS_OF_OTHERS = 10;
/** Large documents and bodies. */
const large = new FairQueue({ permits: 1, capacity: Infinity });

/** Requests that begin in one turn once they have to wait, and milliseconds after which the next ones wait for no more turns. */
const REQUESTS = 8;
const REQUESTS_MS = 20;

interface WaitingRequest {
  readonly credentials: { readonly account: string };
  readonly signal: AbortSignal;
}

/** The end of the queue for turns, and when the long work of the present turn began. */
let turns = Promise.resolve();
let beganAt: number | undefined;
/** The end of the queue of requests, and how many are in it. */
let requests = Promise.resolve();
let waiting = 0;

/** Waits for a turn of the event loop: much work of many requests at once would stop all others. */
export function nextTurn(): Promise<void> {
  turns = turnsAfter(turns, 1);
  return turns;
}

/** Lets a large document or body of a request wait until it may be parsed; accounts take turns. @throws the signal's reason */
export function turnOfLarge({ credentials, signal }: WaitingRequest): Promise<void> {
  return large.admit(credentials.account, signal, () => turnsAfter(Promise.resolve(), TURNS_OF_OTHERS));
}

async function turnsAfter(others: Promise<void>, count: number, ms = Infinity): Promise<void> {
  await others;
  const until = performance.now() + ms;
  // oxlint-disable-next-line no-await-in-loop -- One turn after the other.
  for (let turn = 0; turn < count && performance.now() < until; turn++) await immediate();
}

/** Whether long work has had its time in this turn of the event loop, and must wait for another one. */
export function isTurnOver(): boolean {
  if (beganAt === undefined) {
    beganAt = performance.now();
    setImmediate(() => (beganAt = undefined));
  }
  return performance.now() - beganAt > TURN_MS;
}

/** Lets a request wait, in the order of arrival, if there are more than a turn has time for. @returns undefined if not */
export function turnOfRequest(): Promise<void> | undefined {
  if (waiting === 0 && !isTurnOver()) return undefined;
  if (waiting++ % REQUESTS === 0) requests = turnsAfter(requests, TURNS_OF_OTHERS, REQUESTS_MS);
  return requests.then(() => void waiting--);
}
