import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/engine/answer/byte-writer.ts';
import { readRunList } from '../../src/engine/rows/read-run-list.ts';
import { RowLeaf } from '../../src/engine/rows/row-leaf.ts';
import { type RowProgram, RowProgramBuilder } from '../../src/engine/rows/row-program.ts';
import { ScannedRow } from '../../src/engine/rows/scanned-row.ts';
import { scan } from '../../src/engine/rows/scanner.ts';
import { flagOf } from '../../src/engine/rows/slots.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { comparePositions } from '../../src/lists/position.ts';
import { positionOf } from '../../src/runs/position.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import type { Run } from '../../src/runs/run.ts';
import { Body } from '../../src/wire/body.ts';
import { decodeRuns } from '../../src/wire/decode-run.ts';
import { reportDrift } from '../../src/wire/drift.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { spelledLists } from './random-spellings.ts';
import { broken, pieces, strangeRows, usualRows } from './random-texts.ts';

/** What is read from a text by parsing it; undefined for one that is no list of runs. */
function parsed(text: Buffer): { readonly rows: readonly Run[]; readonly json: unknown } | undefined {
  try {
    const json = parseJson(text.toString('utf8'));
    return { rows: decodeRuns(json), json };
  } catch {
    return undefined;
  }
}

/** Whether the scanner knows the order: not if it left what tells it to the decoder. */
function hasOrder(text: Buffer): boolean {
  return ((scan(new Body([text]))?.flags ?? 0) & (flagOf('id') | flagOf('createdAt'))) === 0;
}

/** The rows of a text that was scanned; undefined for one that was left to be parsed. */
function scanned(body: Body): ReturnType<typeof readRunList> | undefined {
  const list = readRunList(body);
  return list.rows.every((row) => row instanceof ScannedRow) ? list : undefined;
}

/** All that a run holds, as values. */
function valuesOf(run: Run): Record<string, unknown> {
  const keys = Object.keys(
    decodeRuns([{ id: 'run-1', agent_id: 'a', created_at: '2025-01-01T00:00:00Z' }])[0] ?? {},
  );
  // JSON.stringify writes -0 as 0.
  return Object.fromEntries(
    keys.map((key) => [key, Object.is(Reflect.get(run, key), -0) ? 0 : Reflect.get(run, key)]),
  );
}

/** Writes every field of a row, and its cursor. */
const WHOLE_ROW = wholeRow();

function wholeRow(): RowProgram {
  const program = new RowProgramBuilder();
  const addFields = (fields: readonly NamedField[]): void => {
    for (const { name, kind, enum: values } of fields) {
      program.text(`,"${name}":`);
      if (kind === 'config') {
        program.object(name, () => {
          program.text('{"":0');
          addFields(REQUEST_CONFIG_FIELD_LIST);
          program.text('}');
        });
      } else if (kind === 'enum value' || kind === 'enum list') {
        const known = enumValues(values).map((value) => [String(value), `"${String(value)}!"`] as const);
        program.enumField(kind, name, { known, ofNull: 'null', ofOthers: '"?"' });
      } else program.field(kind === 'created' || kind === 'instant' ? 'instant' : 'slice', name);
    }
  };
  program.text('{"cursor":');
  program.cursor();
  addFields(RUN_FIELD_LIST);
  program.text('}');
  return program.finish();
}

function written(rows: readonly Run[]): string {
  const out = new ByteWriter(1e8);
  new RowLeaf(rows, WHOLE_ROW, true).writeTo(out);
  return Buffer.from(out.take()).toString();
}

/**
 * Compares what is scanned in a text, and what is written of it, with what is decoded. Returns false for
 * a text that is left to the decoder.
 */
function expectSame(text: Buffer, body: Body, isOrdered = true): boolean {
  const expected = parsed(text);
  if (expected === undefined) {
    expect(() => readRunList(body)).toThrow();
    return false;
  }
  const list = scanned(body);
  if (list === undefined) return false;
  const { rows, json } = expected;
  const answer = written(list.rows);
  expect(list.rows.map(valuesOf)).toEqual(rows.map(valuesOf));
  // What is copied keeps its spelling.
  expect(JSON.stringify(parseJson(answer))).toBe(JSON.stringify(parseJson(written(rows))));
  // Events are sent by lines.
  expect(answer).not.toMatch(/[\n\r\t]/);
  scan(new Body([Buffer.from('[{}]')]));
  expect(written(list.rows)).toBe(answer);
  for (const [order, sign] of [
    ['asc', 1],
    ['desc', -1],
  ] as const) {
    const isStrict = rows.every((row, index) => {
      const before = rows[index - 1];
      return before === undefined || sign * comparePositions(positionOf(row), positionOf(before)) > 0;
    });
    expect(list.orders.includes(order)).toBe(isOrdered && isStrict);
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

  it('holds what JSON.parse finds in it, in any right spelling', () => {
    fc.assert(
      fc.property(spelledLists, pieces, ({ text, isOrdered }, cut) => {
        expect(expectSame(text, new Body(cut(text)), isOrdered)).toBe(true);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  it('holds what JSON.parse finds in it, or is left to the decoder, with any value in any place', () => {
    let count = 0;
    fc.assert(
      fc.property(strangeRows, pieces, (text, cut) => {
        if (expectSame(text, new Body(cut(text)), hasOrder(text))) count++;
      }),
      { numRuns: propertyRuns(500) },
    );
    expect(count).toBeGreaterThan(propertyRuns(500) / 5);
  });

  it('is never one that JSON.parse would refuse', () => {
    let count = 0;
    fc.assert(
      fc.property(
        broken(
          fc.oneof(
            usualRows,
            spelledLists.map(({ text }) => text),
          ),
        ),
        (text) => {
          if (expectSame(text, new Body([text]), hasOrder(text))) count++;
        },
      ),
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
    '2025-02-28T00:00:00',
    '2025-02-29T00:00:00',
    '2025-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-13-01T00:00:00',
    '2025-00-01T00:00:00.123Z',
    '2025-01-00T00:00:00.000001+00:00',
    '2025-04-31T00:00:00.000001Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T00:60:00.5',
    '2025-01-01T00:00:60.1234567',
    '2025-01-01T00:00:00.0000000',
    '2025-01-01T00:00:00+24:00',
    '2025-01-01T00:00:00+00:60',
    '2025-01-01T00:00:00+0000',
    '2025-01-01T00:00:00+00',
    '2025-01-01T00:00:00.',
    '2025-01-01T00:00:00.Z',
    '2025-01-01',
  ])('holds the instant %s as the decoder has it, or is refused', (instant) => {
    for (const key of ['created_at', 'completed_at']) {
      const created = key === 'created_at' ? '' : ',"created_at":"2025-01-01T00:00:00Z"';
      const text = Buffer.from(`[{"id":"run-1","agent_id":"a"${created},"${key}":"${instant}"}]`);
      expect(expectSame(text, new Body([text]), hasOrder(text))).toBe(parsed(text) !== undefined);
    }
  });

  it.each([
    '"status":"failed","status":null',
    '"status":5,"status":"failed"',
    '"request_config":{"use_assistant_message":true},"request_config":{}',
    '"request_config":{"use_assistant_message":true,"use_assistant_message":null}',
    String.raw`"status":"failed","stat\u0075s":null`,
    String.raw`"request_config":{"use_assistant_message":true,"use\u005fassistant_message":null}`,
  ])('has each field once, or is left to the decoder: %s', (members) => {
    const text = Buffer.from(
      `[{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z",${members}}]`,
    );
    const body = new Body([text]);
    expect(parsed(text)).toBeDefined();
    expect(scanned(body)).toBeUndefined();
    expect(readRunList(body).rows.map(valuesOf)).toEqual(parsed(text)?.rows.map(valuesOf));
  });

  it('is written without looking for white space where it has none between its first and last row', () => {
    const row = '{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z"}';
    const hasSpaces = (text: string): boolean | undefined => scan(new Body([Buffer.from(text)]))?.hasSpaces;
    expect(hasSpaces(`[ ${row}]`)).toBe(true);
    expect(hasSpaces(`\n[${row}]\r\n`)).toBe(false);
  });

  it.each(['\0', '\0x', '\f', '\v', '\u00a0', ',', ']', '[]', 'x'])(
    'is not scanned with anything behind it, such as %j',
    (rest) => {
      for (const list of ['[]', '[{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z"}]']) {
        expect(scan(new Body([Buffer.from(list)]))).not.toBeNull();
        expect(scan(new Body([Buffer.from(list + rest)]))).toBeNull();
      }
    },
  );

  it.each([
    '1 2',
    '- 1',
    '1. 5',
    '1 e2',
    'tr ue',
    '"a" "b"',
    '"a":1',
    '[1 2]',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '\f1',
  ])('has white space between tokens only: %s', (value) => {
    for (const key of ['metadata', 'ttft_ns', 'new']) {
      const text = `[{"id":"run-1","agent_id":"a","created_at":"2025-01-01T00:00:00Z","${key}":${value}}]`;
      expect(scan(new Body([Buffer.from(text)]))).toBeNull();
    }
  });

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
      expect(list.rows[0] instanceof ScannedRow).toBe(isScanned);
    }
  });
});
