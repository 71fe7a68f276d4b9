import { createRandom } from './random.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** The age of the newest sample run. */
const NEWEST_AGE = 2 * MINUTE;

/**
 * The present as samples take it, in microseconds since the epoch: on a whole minute, so that all times of the
 * same seed are equally far from it.
 */
export function presentMicros(now: Date): number {
  return Math.floor((now.getTime() * 1000) / MINUTE) * MINUTE;
}

/**
 * Generates the creation times of `count` runs in microseconds since the epoch, ascending up to two minutes before
 * the present. Some runs share a microsecond, some are one apart, some come in bursts, some are on a whole second.
 */
export function creationInstants(count: number, seed: number, present: number): readonly number[] {
  const random = createRandom(seed ^ 0x7137);
  const newest = present - NEWEST_AGE;
  const offsets: number[] = [];
  let offset = 0;
  while (offsets.length < count) {
    offsets.push(offset);
    const draw = random.next();
    if (draw < 0.04) continue;
    if (draw < 0.08) offset += 1;
    else if (draw < 0.25) offset += random.between(2, 400_000);
    else if (draw < 0.28) offset = (Math.floor(offset / SECOND) + random.between(1, 90)) * SECOND;
    else offset += Math.ceil(-Math.log(1 - random.next()) * 60 * SECOND);
  }
  // Starts on a whole second, so that offsets in whole seconds stay on whole seconds.
  const start = newest - Math.ceil((offsets.at(-1) ?? 0) / SECOND) * SECOND;
  return offsets.map((each, at) => (at === count - 1 ? newest : start + each));
}
