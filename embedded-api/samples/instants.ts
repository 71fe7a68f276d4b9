import { createRandom } from './random.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** How long before the present the newest sample run was created. */
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
 * the present.
 * Some runs share a microsecond, some are one apart, some come in bursts, and some are on a whole second.
 * Generates the gaps twice, for their sum and for the times, so that nothing is kept in memory.
 */
export function* creationInstants(count: number, seed: number, present: number): Generator<number> {
  const newest = present - NEWEST_AGE;
  let span = 0;
  for (const offset of offsets(count, seed)) span = offset;
  // Starts on a whole second, so that offsets in whole seconds stay on whole seconds.
  const start = newest - Math.ceil(span / SECOND) * SECOND;
  let at = 0;
  for (const offset of offsets(count, seed)) {
    at += 1;
    yield at === count ? newest : start + offset;
  }
}

function* offsets(count: number, seed: number): Generator<number> {
  const random = createRandom(seed ^ 0x7137);
  let offset = 0;
  for (let made = 0; made < count; made += 1) {
    yield offset;
    const kind = random.next();
    if (kind < 0.04) continue;
    if (kind < 0.08) offset += 1;
    else if (kind < 0.25) offset += random.between(2, 400_000);
    else if (kind < 0.28) offset = (Math.floor(offset / SECOND) + random.between(1, 90)) * SECOND;
    else offset += Math.ceil(-Math.log(1 - random.next()) * 60 * SECOND);
  }
}

/** Formats microseconds since the epoch in UTC with six fraction digits. */
export function stampText(micros: number): string {
  const second = Math.floor(micros / SECOND);
  const text = new Date(second * 1000).toISOString().slice(0, 19);
  return `${text}.${String(micros - second * SECOND).padStart(6, '0')}Z`;
}
