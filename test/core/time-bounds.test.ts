import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previousInstant } from '../../src/lists/time-bounds.ts';
import { readBoundInstant } from '../../src/runs/instants.ts';
import { check } from './property.ts';

/** An instant of four-digit years as clients write it, and the nanoseconds since 1970 that it means. */
const written = fc
  .record({
    seconds: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
    digits: fc.stringMatching(/^\d{0,9}$/),
    zone: fc.constantFrom('Z', 'z', '+00:00', '+05:30', '-03:30', '-23:59'),
    separator: fc.constantFrom('T', 't'),
  })
  .map(({ seconds, digits, zone, separator }) => {
    const date = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', separator);
    const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
    const utc = seconds - (zone.startsWith('-') ? -60 : 60) * (hours * 60 + minutes);
    const nanos = BigInt(utc) * 1_000_000_000n + BigInt(digits.padEnd(9, '0'));
    return { text: `${date}${digits && `.${digits}`}${zone}`, nanos };
  });

const FIRST = '0001-01-01T00:00:00.000000';
const LAST = '9999-12-31T23:59:59.999999';

function microsOf(instant: string): bigint {
  return BigInt(Date.parse(`${instant.slice(0, 23)}Z`)) * 1000n + BigInt(instant.slice(23));
}

describe('createdAfter and createdBefore', () => {
  it('are the first microsecond that does not come before them, in years of four digits', async () => {
    await check(written, 500, ({ text, nanos }) => {
      const instant = readBoundInstant(text);
      if (instant === null) {
        expect(nanos < microsOf(FIRST) * 1000n || nanos > microsOf(LAST) * 1000n).toBe(true);
        return;
      }
      expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
      const distance = microsOf(instant) * 1000n - nanos;
      expect(distance >= 0n && distance < 1000n).toBe(true);
      const previous = previousInstant(instant);
      expect(previous && microsOf(previous)).toBe(instant === FIRST ? null : microsOf(instant) - 1n);
    });
  });

  const refused = [
    ['2025-02-29T00:00:00Z', '2025-13-01T00:00:00Z', '2025-01-01T24:00:00Z', '2025-01-01T00:00:00+00:60'],
    ['2025-01-01T00:00:00', '2025-01-01 00:00:00Z', ' 2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z '],
    ['0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59.9999991Z'],
  ];
  it.each(refused.flat())('refuse %j', (text) => expect(readBoundInstant(text)).toBeNull());

  it('lie between the first and the last instant that have four digits of years', () => {
    expect([FIRST, LAST].map((instant) => readBoundInstant(`${instant}Z`))).toEqual([FIRST, LAST]);
    expect([FIRST, `${FIRST.slice(0, -1)}1`].map(previousInstant)).toEqual([null, FIRST]);
  });
});
