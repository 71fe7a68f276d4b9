import { stringifyJson } from '../json/stringify-json.ts';
import type { Position } from '../pagination/position.ts';
import { RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';

/** What a watcher knows of one run. */
export interface Sighting {
  /** Of its content; 48 bits. */
  readonly digest: number;
  /** Whether it matched the filters, and so is in the list that the events tell of. */
  readonly isShown: boolean;
}

/** Of a run that was there, nobody knows how: whatever it is like now is news. */
export const UNKNOWN: Sighting = { digest: 0, isShown: true };

/**
 * What a watcher has seen of a list: enough to find every later change, and no more. It fits into a
 * cursor, so that any process can go on from it.
 */
export interface Seen {
  /** Runs up to here are old: those that aren't known have ended, and are not looked at again. Null before all. */
  readonly settled: Position | null;
  /** By id, the runs after that position, and the active ones wherever they are. */
  readonly known: ReadonlyMap<string, Sighting>;
}

/** Left out: a list has the measured duration, a single run another one. */
const COMPARED_FIELDS = RUN_FIELD_LIST.filter(({ name }) => name !== 'totalDurationNs');

/** Goes with the runs: what is read of each depends on nothing else. */
const digests = new WeakMap<Run, number>();

/** Returns a digest of what a run is like, the same for a run from a list and for one by its id. */
export function digestOf(run: Run): number {
  const known = digests.get(run);
  if (known !== undefined) return known;
  const values = COMPARED_FIELDS.map(({ name }): unknown => Reflect.get(run, name));
  const digest = hash48(stringifyJson(values));
  digests.set(run, digest);
  return digest;
}

/** A hash that is fast and well mixed (after cyrb53); not a signature. */
export function hash48(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (high & 0xffff) * 2 ** 32 + (low >>> 0);
}
