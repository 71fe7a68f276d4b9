import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
import { fingerprintsOf, tableOf } from '../../src/live/snapshots/lookup-table.ts';
import type { Fingerprint } from '../../src/live/snapshots/snapshot.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { seededRandom } from '../support/seeded-random.ts';

const id = (number: number): string => `run-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

function fingerprints(numbers: readonly number[], draw: () => number): Map<string, Fingerprint> {
  return new Map(
    numbers.map((number) => [
      id(number),
      { digest: Math.floor(draw() * 2 ** 32), isLate: true, isShown: draw() < 0.5 },
    ]),
  );
}

it('A table gives back what was seen of 650 runs, or nothing, whatever has become of some', () => {
  let failures = 0;
  const cases = propertyRuns(100);
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const draw = seededRandom(seed);
      const then = fingerprints([...Array(650).keys()], draw);
      const now = new Map(then);
      for (let change = Math.floor(draw() * 6); change > 0; change--) {
        const number = Math.floor(draw() * 700);
        now.delete(id(number));
        if (draw() < 0.5)
          now.set(id(number), { digest: Math.floor(draw() * 2 ** 32), isLate: false, isShown: true });
      }
      const found = fingerprintsOf(tableOf(then), now);
      if (found === undefined) failures += 1;
      else expect(new Map(found)).toEqual(then);
    }),
    // In the example, a cell of two states of a run looks as if it had one element.
    { numRuns: cases, examples: [[-1276956815]] },
  );
  expect(failures).toBeLessThan(3 + cases * 0.03);
});

it('A table of too many changes gives nothing', () => {
  const draw = seededRandom(1);
  const then = fingerprints([...Array(650).keys()], draw);
  expect(fingerprintsOf(tableOf(then), fingerprints([...Array(300).keys()], draw))).toBeUndefined();
  expect(fingerprintsOf(tableOf(then), new Map())).toBeUndefined();
});

it('A cursor has at most 1.5 kB for 650 runs that hang', () => {
  const watermark = { key: '2026-01-01T00:00:00.000000', id: id(1) };
  const slow = fingerprints([...Array(650).keys()], seededRandom(2));
  const known = fingerprints([1000, 1001, 1002], seededRandom(3));
  expect(encodeSnapshot({ start: watermark, watermark, known, slow }, 'key').length).toBeLessThanOrEqual(
    1500,
  );
});
