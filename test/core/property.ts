import process from 'node:process';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { propertyRuns } from '../support/property-runs.ts';

const { SEED, PATH_: PATH } = process.env;

/**
 * Checks a property with random cases, `usual` of them unless `PROPERTY_RUNS` says otherwise. A failure says which
 * command repeats it: `SEED` draws the same cases, and `PATH_` leads straight to the one that failed.
 */
export async function check<Case>(
  cases: fc.Arbitrary<Case>,
  usual: number,
  property: (one: Case) => Promise<void> | void,
): Promise<void> {
  const details = await fc.check(
    fc.asyncProperty(cases, async (one) => {
      await property(one);
    }),
    {
      numRuns: propertyRuns(usual),
      ...(SEED !== undefined && { seed: Number(SEED) }),
      ...(PATH !== undefined && { path: PATH, endOnFailure: true }),
    },
  );
  if (!details.failed) return;
  const { currentTestName = '', testPath = 'test/core' } = expect.getState();
  const name = currentTestName.replaceAll(' > ', '.*').replaceAll(/[^\w .*,]/g, '.');
  const file = testPath.slice(testPath.indexOf('test/core'));
  const command = `SEED=${details.seed} PATH_=${details.counterexamplePath} npx vitest run ${file} -t '${name}'`;
  throw new Error(`${fc.defaultReportMessage(details)}\n\nTo repeat it: ${command}`, {
    cause: details.errorInstance,
  });
}
