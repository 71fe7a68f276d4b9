import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/runs/position.ts';
import { propertyRuns } from '../support/property-runs.ts';

describe('An instant', () => {
  it.each<[string, string | null]>([
    ['2025-01-01T00:00:05Z', '2025-01-01T00:00:05.000000'],
    ['2025-01-01T00:00:05.1Z', '2025-01-01T00:00:05.100000'],
    ['2025-01-01T00:00:05.123456Z', '2025-01-01T00:00:05.123456'],
    ['2025-01-01T00:00:05.123456789Z', '2025-01-01T00:00:05.123456'],
    ['2025-01-01T00:00:05.123456', '2025-01-01T00:00:05.123456'],
    ['2025-01-01T00:30:05.123456+02:00', '2024-12-31T22:30:05.123456'],
    ['2025-01-01T00:30:05-03:30', '2025-01-01T04:00:05.000000'],
    ['2025-01-01t00:00:05z', '2025-01-01T00:00:05.000000'],
    ['2025-13-01T00:00:05Z', null],
    ['2025-01-01', null],
    ['xxxxxxxxxxxxxxxxxxx.xxxxxxZ', null],
    ['', null],
  ])('of %s is %s', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it('compares as a text as it does as a time', () => {
    const moment = fc.tuple(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      fc.integer({ min: 0, max: 999 }),
      fc.constantFrom('Z', '+00:00'),
    );
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const micros = ([date, micro]: typeof a) => BigInt(date.getTime()) * 1000n + BigInt(micro);
        const text = ([date, micro, zone]: typeof a) =>
          `${date.toISOString().slice(0, 23)}${String(micro).padStart(3, '0')}${zone}`;
        const [first, second] = [instantOf(text(a)) ?? '', instantOf(text(b)) ?? ''];
        expect(Math.sign(Number(micros(a) - micros(b)))).toBe(first < second ? -1 : first > second ? 1 : 0);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
