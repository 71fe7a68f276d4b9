import process from 'node:process';

/**
 * `PROPERTY_RUNS` multiplies how many random cases each property is checked with, such as `20` for
 * twenty times as many; CI sets it. The usual numbers keep each property within a few seconds.
 */
const FACTOR = Number(process.env['PROPERTY_RUNS'] ?? 1);
if (!(FACTOR > 0)) {
  throw new RangeError(`PROPERTY_RUNS: expected a number above 0, but got ${process.env['PROPERTY_RUNS']}`);
}

/** How many random cases to check where `usual` of them are usual; at least one. */
export function propertyRuns(usual: number): number {
  return Math.ceil(usual * FACTOR);
}

/** The limit for one test, in milliseconds: for machines that are busy with other things, and for more cases. */
export const TEST_TIMEOUT_MS = Math.max(120_000, 30_000 * FACTOR);
