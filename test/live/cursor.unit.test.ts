import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSnapshot } from '../../src/live/index.ts';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
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
const positions = fc.option(fc.record({ key: instants, id: ids }), { nil: null });
const fingerprints = (maxLength: number) =>
  fc
    .array(
      fc.tuple(ids, fc.record({ digest: fc.nat(2 ** 31), isLate: fc.boolean(), isShown: fc.boolean() })),
      {
        maxLength,
      },
    )
    .map((entries) => new Map(entries));
const snapshot = fc.record({
  start: positions,
  watermark: positions,
  known: fingerprints(50),
  slow: fingerprints(20),
});

it('A cursor says what was seen', () => {
  fc.assert(
    fc.property(snapshot, fc.string(), (given, key) => {
      // Few runs that seldom change are named like the others.
      const known = new Map([...given.slow, ...given.known]);
      expect(decodeSnapshot(encodeSnapshot(given, key), key)).toEqual({ ...given, known, slow: new Map() });
      expect(decodeSnapshot(encodeSnapshot(given, key), `${key}!`)).toBe('other filters');
    }),
    { numRuns: propertyRuns(300) },
  );
});

it('A cursor that was changed anywhere is none', () => {
  fc.assert(
    fc.property(
      snapshot,
      fc.nat(),
      fc.constantFrom('', 'A', '_', '=', '+', '\u00e9', '\n'),
      (given, at, inserted) => {
        const cursor = encodeSnapshot(given, '');
        const place = at % cursor.length;
        const rest = cursor.slice(place + 1);
        const changed = cursor.slice(0, place) + inserted + rest;
        if (changed !== cursor) expect(decodeSnapshot(changed, '')).toBe('malformed');
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
        expect(decodeSnapshot(text, '')).toBe('malformed');
      },
    ),
    { numRuns: propertyRuns(1000) },
  );
  expect(decodeSnapshot('A'.repeat(1_000_000), '')).toBe('malformed');
});

it('A cursor with more runs than are ever watched is refused, and the largest one is not', () => {
  const fingerprint = { digest: 1, isLate: false, isShown: true };
  const snapshotOf = (count: number) => ({
    start: null,
    watermark: null,
    known: new Map(
      Array.from({ length: count }, (_, index) => [`job-${String(index).padStart(64, 'x')}`, fingerprint]),
    ),
    slow: new Map(),
  });
  expect(decodeSnapshot(encodeSnapshot(snapshotOf(2000), ''), '')).toBeTypeOf('object');
  expect(decodeSnapshot(encodeSnapshot(snapshotOf(2001), ''), '')).toBe('malformed');
});
