import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/lists/pages/cursor.ts';
import { IDS } from '../../src/runs/ids.ts';
import { propertyRuns } from '../support/property-runs.ts';

const POSITION = {
  key: '2026-01-31T09:30:00.123456',
  id: 'run-5f0c3f5e-8a64-4a8e-9a53-0d2a9a1c7b11',
};

const position = fc.record({
  key: fc
    .tuple(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2999-01-01'), noInvalidDate: true }),
      fc.nat(999),
    )
    .map(([date, micros]) => `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}`),
  id: fc.uuid({ version: 4 }).chain((uuid) => fc.constantFrom(`run-${uuid}`, `job-${uuid}`)),
});

describe('A cursor', () => {
  it('leads back to its position, to the microsecond', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(decodeCursor(encodeCursor(one), IDS.run)).toEqual({ kind: 'position', position: one });
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('is opaque, URL-safe and the same each time', () => {
    expect(encodeCursor(POSITION)).toMatch(/^[\w-]{80,120}$/);
    expect(encodeCursor(POSITION)).not.toContain(POSITION.id);
    expect(encodeCursor(POSITION)).toBe(encodeCursor({ ...POSITION }));
  });

  it('may be the plain id of a run', () => {
    expect(decodeCursor(POSITION.id, IDS.run)).toEqual({ kind: 'id', id: POSITION.id });
  });

  it('is invalid once a character is changed, added or left out', () => {
    const cursor = encodeCursor(POSITION);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n';
    for (let at = 0; at <= cursor.length; at++) {
      const [head, tail] = [cursor.slice(0, at), cursor.slice(at)];
      if (tail !== '')
        expect(decodeCursor(head + tail.slice(1), IDS.run), `without character ${at}`).toBeNull();
      for (const character of alphabet) {
        expect(decodeCursor(head + character + tail, IDS.run), `${character} before ${at}`).toBeNull();
        if (character === tail[0] || tail === '') continue;
        expect(decodeCursor(head + character + tail.slice(1), IDS.run), `${character} at ${at}`).toBeNull();
      }
    }
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a word', 'next'],
    ['a number', '3'],
    ['an offset cursor of another server', Buffer.from('arrayconnection:5').toString('base64')],
    ['a padded cursor', `${encodeCursor(POSITION)}==`],
    ['an id with a query behind it', `${POSITION.id}&limit=1000`],
    ['an id with a path behind it', `${POSITION.id}/../../agents`],
    ['an id with a NUL in it', `${POSITION.id}\0`],
    ['an id in capitals', POSITION.id.toUpperCase()],
    ['the id of something else', 'agent-5f0c3f5e-8a64-4a8e-9a53-0d2a9a1c7b11'],
    ['SQL', "run-' OR 1=1 --"],
    ['a position with a foreign id', encodeCursor({ ...POSITION, id: 'run-1&before=run-2' })],
    ['a position with a foreign time', encodeCursor({ ...POSITION, key: '2026-01-31T09:30:00Z' })],
    ['a cursor of a later version', Buffer.from('2 x').toString('base64url')],
    ['ten megabytes', 'A'.repeat(10_000_000)],
    ['text beyond ASCII', '逃げ水'],
  ])('is not %s', (_name, text) => {
    expect(decodeCursor(text, IDS.run)).toBeNull();
  });

  it('is not a random text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(decodeCursor(text, IDS.run)).toBeNull();
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
