import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mismatchedFilters,
  type RunFilter,
  RUN_FILTER_NAMES,
  RUN_FILTERS,
} from '../../src/runs/run-filters.ts';
import { decodeRun } from '../../src/wire/decode-run.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { FILTERS, type Filters, randomFilters, wireFilters } from '../support/run-filters.ts';
import { matches } from '../support/run-list.ts';

const RUNS = randomRuns(60, 12).map((run) => ({ ...run, decoded: decodeRun(run) }));
const DRAWN = new Set(fc.sample(randomFilters, { numRuns: 500, seed: 1 }).flatMap(Object.keys));

/** Filters as the gateway has them: enum values as on the wire, and `active: false` is none. */
function runFilter({ active, ...others }: Filters): RunFilter {
  const wire: Readonly<Record<string, unknown>> = wireFilters(others);
  return {
    ...Object.fromEntries(Object.keys(others).map((name) => [name, wire[FILTERS[name as keyof Filters][1]]])),
    ...(active === true && { active }),
  };
}

describe.each(RUN_FILTER_NAMES)('The filter %s', (name) => {
  it('is known to the tests, which draw values for it', () => {
    expect(Object.keys(FILTERS), `${name} is missing in FILTERS of test/support/run-filters.ts`).toContain(
      name,
    );
    expect(DRAWN, `anyFilters of test/support/run-filters.ts never draws ${name}`).toContain(name);
  });

  it('has the parameter that the tests know', () => {
    const known: Readonly<Record<string, readonly string[]>> = FILTERS;
    expect(RUN_FILTERS[name].parameter).toBe(known[name]?.[1]);
  });

  it('matches some runs and not others', () => {
    const filters = fc.sample(randomFilters, { numRuns: 500, seed: 2 }).map(runFilter);
    const outcomes = filters
      .filter((given) => name in given)
      .flatMap((given) => RUNS.map(({ decoded }) => mismatchedFilters([decoded], given).includes(name)));
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });
});

it('A run matches filters exactly if the model of the list says so', () => {
  fc.assert(
    fc.property(randomFilters, fc.constantFrom(...RUNS), (filters, { decoded, ...run }) => {
      const isMatch = mismatchedFilters([decoded], runFilter(filters)).length === 0;
      expect(isMatch).toBe(matches(run, wireFilters(filters)));
    }),
    { numRuns: propertyRuns(2000) },
  );
});
