import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSeen } from '../../src/live/index.ts';
import { encodeSeen } from '../../src/live/seen-cursor.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ids = fc.oneof(
  fc.uuid().map((uuid) => `run-${uuid}`),
  fc.uuid().map((uuid) => `job-${uuid}`),
  fc.stringMatching(/^(?:run|job)-[0-9A-Za-z_-]{1,64}$/),
);
const instants = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    fc.nat(999_999),
  )
  .map(([date, micros]) => `${date.toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}`);
const positions = fc.option(fc.record({ createdAt: instants, id: ids }), { nil: null });
const sightings = (maxLength: number) =>
  fc
    .array(
      fc.tuple(ids, fc.record({ digest: fc.nat(2 ** 31), isLate: fc.boolean(), isShown: fc.boolean() })),
      {
        maxLength,
      },
    )
    .map((entries) => new Map(entries));
const seen = fc.record({
  start: positions,
  settled: positions,
  known: sightings(50),
  slow: sightings(20),
});

it('A cursor says what was seen', () => {
  fc.assert(
    fc.property(seen, fc.string(), (given, key) => {
      // Few runs that seldom change are named like the others.
      const known = new Map([...given.slow, ...given.known]);
      expect(decodeSeen(encodeSeen(given, key), key)).toEqual({ ...given, known, slow: new Map() });
      expect(decodeSeen(encodeSeen(given, key), `${key}!`)).toBe('other filters');
    }),
    { numRuns: propertyRuns(300) },
  );
});

it('A cursor that was changed anywhere is none', () => {
  fc.assert(
    fc.property(
      seen,
      fc.nat(),
      fc.constantFrom('', 'A', '_', '=', '+', '\u00e9', '\n'),
      (given, at, inserted) => {
        const cursor = encodeSeen(given, '');
        const place = at % cursor.length;
        const rest = cursor.slice(place + 1);
        const changed = cursor.slice(0, place) + inserted + rest;
        if (changed !== cursor) expect(decodeSeen(changed, '')).toBe('malformed');
      },
    ),
    { numRuns: propertyRuns(1000) },
  );
});

it('Any other text is no cursor', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_-]{0,80}$/)),
      (text) => {
        expect(decodeSeen(text, '')).toBe('malformed');
      },
    ),
    { numRuns: propertyRuns(1000) },
  );
  expect(decodeSeen('A'.repeat(1_000_000), '')).toBe('malformed');
});

it('A cursor with more runs than are ever watched is refused, and the largest one is not', () => {
  const sighting = { digest: 1, isLate: false, isShown: true };
  const seenOf = (count: number) => ({
    start: null,
    settled: null,
    known: new Map(
      Array.from({ length: count }, (_, index) => [`job-${String(index).padStart(64, 'x')}`, sighting]),
    ),
    slow: new Map(),
  });
  expect(decodeSeen(encodeSeen(seenOf(2000), ''), '')).toBeTypeOf('object');
  expect(decodeSeen(encodeSeen(seenOf(2001), ''), '')).toBe('malformed');
});
