import { createRandom } from './random.ts';

/** When the newest sample run was created. Fixed, so that samples don't depend on the current date. */
const NEWEST_MICROS = Date.parse('2026-11-20T17:00:00Z') * 1000;

const SECOND = 1_000_000;

/**
 * Generates the creation times of `count` runs in microseconds since the epoch, ascending up to NEWEST_MICROS.
 * Some runs share a microsecond, some are one apart, some come in bursts, and some are on a whole second.
 * Generates the gaps twice, for their sum and for the times, so that nothing is kept in memory.
 */
export function* creationInstants(count: number, seed: number): Generator<number> {
  let span = 0;
  for (const offset of offsets(count, seed)) span = offset;
  // Starts on a whole second, so that offsets in whole seconds stay on whole seconds.
  const start = NEWEST_MICROS - Math.ceil(span / SECOND) * SECOND;
  let at = 0;
  for (const offset of offsets(count, seed)) {
    at += 1;
    yield at === count ? NEWEST_MICROS : start + offset;
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

let cachedSecond = Number.NaN;
let cachedText = '';

/** Formats microseconds since the epoch in UTC with six fraction digits. */
export function stampText(micros: number): string {
  const second = Math.floor(micros / SECOND);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  return `${cachedText}.${String(micros - second * SECOND).padStart(6, '0')}Z`;
}
