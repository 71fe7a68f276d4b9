import process from 'node:process';
import * as fc from 'fast-check';
import { propertyRuns } from '../support/property-runs.ts';

const { SEED } = process.env;

/**
 * Checks a property with random cases, `usual` of them unless `PROPERTY_RUNS` says otherwise. `SEED` draws the same
 * cases each time: a failure prints it.
 */
export async function check<Case>(
  cases: fc.Arbitrary<Case>,
  usual: number,
  property: (one: Case) => Promise<void> | void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => property(one)),
    { numRuns: propertyRuns(usual), ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
}
