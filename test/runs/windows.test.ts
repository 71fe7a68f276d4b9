import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isInWindow, RUN_BOUNDS, type RunBoundName } from '../../src/runs/run-window.ts';
import { decodeRun } from '../../src/upstream/letta/decode/decode-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { isSelected, randomValue } from '../support/run-arguments.ts';

/** Few, so that bounds often are the very values of a run. Lists show the duration of the metrics as the run's own. */
const RUNS = randomRuns(6, 3).map((run) => ({ ...run, total_duration_ns: run.run_ns, run_ns: null }));

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
it.each(Object.keys(RUN_BOUNDS) as RunBoundName[])(
  'The bound %s selects what it says, also at its ends',
  (name) => {
    const { argument }: { argument: { read: (value: never, name: string) => unknown } } = RUN_BOUNDS[name];
    // Within the gateway, enum values are those of the wire.
    const inWire = (value: unknown): unknown =>
      typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value.toLowerCase() : value;
    fc.assert(
      fc.property(fc.constantFrom(...RUNS), randomValue(name, RUNS), (run, given) => {
        const value = argument.read(
          (Array.isArray(given) ? given.map(inWire) : inWire(given)) as never,
          name,
        );
        expect(isInWindow(decodeRun(run), { [name]: value })).toBe(isSelected(run, { [name]: given }));
      }),
      { numRuns: 300 },
    );
  },
);
