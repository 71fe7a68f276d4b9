import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRunList } from '../../src/engine/rows/read-run-list.ts';
import { ScannedRun } from '../../src/engine/rows/scanned-run.ts';
import { scan } from '../../src/engine/rows/scanner.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { comparePositions } from '../../src/pagination/position.ts';
import { positionOf } from '../../src/runs/position.ts';
import type { Run } from '../../src/runs/run.ts';
import { Body } from '../../src/wire/body.ts';
import { decodeRuns } from '../../src/wire/decode-run.ts';
import { reportDrift } from '../../src/wire/drift.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { brokenText, pieces, strangeRows, usualRows } from './random-texts.ts';

/** What is read from a text by parsing it; undefined for one that is no list of runs. */
function parsed(text: Buffer): { readonly rows: readonly Run[]; readonly json: unknown } | undefined {
  try {
    const json = parseJson(text.toString('utf8'));
    return { rows: decodeRuns(json), json };
  } catch {
    return undefined;
  }
}

/** The rows of a text that was scanned; undefined for one that was left to be parsed. */
function scanned(body: Body): ReturnType<typeof readRunList> | undefined {
  const list = readRunList(body);
  return list.rows.every((row) => row instanceof ScannedRun) ? list : undefined;
}

/** All that a run holds, as values. */
function valuesOf(run: Run): Record<string, unknown> {
  const keys = Object.keys(
    decodeRuns([{ id: 'run-1', agent_id: 'a', created_at: '2025-01-01T00:00:00Z' }])[0] ?? {},
  );
  return Object.fromEntries(keys.map((key) => [key, Reflect.get(run, key)]));
}

function expectSame(text: Buffer, body: Body): boolean {
  const expected = parsed(text);
  if (expected === undefined) {
    expect(() => readRunList(body)).toThrow();
    return false;
  }
  const list = scanned(body);
  if (list === undefined) return false;
  const { rows, json } = expected;
  expect(list.rows.map(valuesOf)).toEqual(rows.map(valuesOf));
  for (const [order, sign] of [
    ['asc', 1],
    ['desc', -1],
  ] as const) {
    const isStrict = rows.every((row, index) => {
      const before = rows[index - 1];
      return before === undefined || sign * comparePositions(positionOf(row), positionOf(before)) > 0;
    });
    expect(list.orders.includes(order)).toBe(isStrict);
  }
  const drift: [string, string][] = [];
  list.reportDrift((kind, value) => drift.push([kind, value]));
  const expectedDrift: [string, string][] = [];
  reportDrift(rows, Array.isArray(json) ? json[0] : undefined, (kind, value) =>
    expectedDrift.push([kind, value]),
  );
  expect(drift).toEqual(expectedDrift);
  return true;
}

describe('A list of runs that is scanned', () => {
  it('holds what JSON.parse finds in it, in its canonical form', () => {
    fc.assert(
      fc.property(usualRows, pieces, (text, cut) => {
        expect(expectSame(text, new Body(cut(text)))).toBe(true);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('holds what JSON.parse finds in it, or is left to the decoder, in every other form', () => {
    let count = 0;
    fc.assert(
      fc.property(strangeRows, pieces, (text, cut) => {
        if (expectSame(text, new Body(cut(text)))) count++;
      }),
      { numRuns: propertyRuns(500) },
    );
    expect(count).toBeGreaterThan(propertyRuns(500) / 20);
  });

  it('is never one that JSON.parse would refuse', () => {
    let count = 0;
    fc.assert(
      fc.property(brokenText, (text) => {
        if (expectSame(text, new Body([text]))) count++;
      }),
      { numRuns: propertyRuns(1500) },
    );
    expect(count).toBeGreaterThan(propertyRuns(1500) / 30);
  });

  it.each([0, 1, 15, 16, 17, 31, 32, 33, 100])('ends its strings of %i bytes where they end', (length) => {
    for (const special of ['', '\\n', '\\"', '\\\\', '\\u00e9', 'é', '\u{1f600}']) {
      const value = 'x'.repeat(length) + special;
      const text = Buffer.from(
        `[{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z","callback_error":"${value}","metadata":{"${value}":"${value}"}}]`,
      );
      expect(expectSame(text, new Body([text]))).toBe(true);
    }
  });

  it.each([
    '2025-02-29T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T00:60:00Z',
    '2025-01-01T00:00:60Z',
    '2025-01-01T00:00:00.5Z',
    '2025-01-01T00:00:00.000000',
    '2025-01-01T00:00:00+00:00',
  ])('is left to the decoder if an instant needs a calendar: %s', (instant) => {
    const text = Buffer.from(`[{"id":"run-1","agent_id":"a","created_at":"${instant}"}]`);
    expect(scan(new Body([text]))).toBeNull();
  });

  it.each(['\0', '\0x', ' ', '\n', ',', ']', '[]', 'x'])(
    'is not scanned with anything behind it, not even %j',
    (rest) => {
      for (const list of ['[]', '[{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z"}]']) {
        expect(scan(new Body([Buffer.from(list)]))).not.toBeNull();
        expect(scan(new Body([Buffer.from(list + rest)]))).toBeNull();
      }
    },
  );

  it('may be empty', () => {
    expect(readRunList(new Body([Buffer.from('[]')])).rows).toEqual([]);
  });

  it('has at most as many rows as an answer', () => {
    const row = (index: number): string =>
      `{"id":"run-${String(index).padStart(8, '0')}","agent_id":"a","created_at":"2025-01-01T00:00:00Z"}`;
    for (const [count, isScanned] of [
      [1000, true],
      [1001, false],
    ] as const) {
      const text = Buffer.from(`[${Array.from({ length: count }, (_, index) => row(index)).join(',')}]`);
      const list = readRunList(new Body([text]));
      expect(list.rows).toHaveLength(count);
      expect(list.rows[0] instanceof ScannedRun).toBe(isScanned);
    }
  });
});
