import * as fc from 'fast-check';
import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createEngine, readRunList } from '../../src/engine/index.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { createDialectState } from '../../src/lists/ranges/dialect.ts';
import { PageSizes } from '../../src/lists/ranges/page-sizes.ts';
import { Context } from '../../src/loaders/context.ts';
import { RUN_LIST } from '../../src/runs/run-list.ts';
import type { Run } from '../../src/runs/run.ts';
import type { RunsSource } from '../../src/runs/runs-source.ts';
import { schema } from '../../src/schema/index.ts';
import { decodeRuns } from '../../src/upstream/letta/decode/decode-runs.ts';
import { RUN_SELECTIONS } from '../support/expected-run.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { brokenLists, rightLists, strangeLists } from './row-texts.ts';

const engine = createEngine({ schema, rowCopying: true, maxCost: 1e5, maxResponseBytes: 1e8 });
const FIELDS = RUN_SELECTIONS.join(' ');
/** One row of another list. */
const OTHER = [...readRunList(rowWith('"callback_error":"\\n"', 'run-0')).rows];
/** All fields; all beside one that is loaded, so that only pieces of rows are copied; and rows of two lists. */
const CASES = [
  { query: `{ runs(first: 1000) { edges { cursor node { ${FIELDS} } } } }`, more: [] },
  { query: `{ runs(first: 1000) { nodes { callbackError agent { name } ${FIELDS} } } }`, more: [] },
  { query: `{ runs(first: 1000) { nodes { ${FIELDS} } } }`, more: OTHER },
].map(({ query, more }) => {
  const document = parse(query);
  return { operation: engine.prepare(document, undefined, {}), document, more };
});

function contextOf(rows: readonly Run[]): object {
  const unreachable = () => expect.unreachable();
  const source: Partial<RunsSource> = {
    list: RUN_LIST,
    state: { dialect: createDialectState(), sizes: new PageSizes(1000), failedCheck: unreachable },
    requestPage: async () => ({ rows, orders: ['desc'] }),
    retrieve: async (_agent, id) => ({ id, name: `The ${id}` }) as never,
    listsDurations: async () => true,
  };
  return new Context(source as RunsSource, { live: unreachable, mayWrite: true, scanBudget: 0 });
}

const NESTED = rowWith('"metadata":{"m":[1,[]]},"request_config":{}');

/** The rows of a text that is parsed; undefined for one that is no list of runs. */
function decoded(text: Buffer): readonly Run[] | undefined {
  try {
    return decodeRuns(parseJson(text.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Compares what is copied with what graphql-js resolves of parsed rows. @returns how many rows were copied */
async function expectSame(text: Buffer): Promise<number> {
  const rows = decoded(text);
  if (rows === undefined) {
    expect(() => readRunList(text)).toThrow();
    return 0;
  }
  const list = readRunList(text);
  const places = rows.map(({ createdInstant, id }) => `${createdInstant} ${id}`);
  const ascending = [...new Set(places)].toSorted();
  if (list.orders.includes('asc')) expect(places).toEqual(ascending);
  if (list.orders.includes('desc')) expect(places).toEqual(ascending.toReversed());
  for (const { operation, document, more } of CASES) {
    const { data, errors } = await operation.execute(contextOf([...list.rows, ...more]));
    const expected = await execute({ schema, document, contextValue: contextOf([...rows, ...more]) });
    const answer = Buffer.from(data ?? []).toString();
    // What is copied keeps its spelling.
    expect(JSON.stringify(parseJson(answer))).toBe(JSON.stringify({ data: expected.data }));
    expect(errors.map(({ path }) => path)).toEqual((expected.errors ?? []).map(({ path }) => path));
    // Events are sent by lines.
    expect(answer).not.toMatch(/[\n\r\t]/);
  }
  return list.copied;
}

describe('A row that is copied', () => {
  it('has the values of JSON.parse in any form that servers send, whatever is missing or unknown', async () => {
    await fc.assert(
      fc.asyncProperty(rightLists, async (text) => {
        expect(await expectSame(text)).toBe(decoded(text)?.length);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it.each([
    ['any value in any place, or is left to the decoder', strangeLists],
    ['any bytes changed, or is refused', brokenLists],
  ])('has the values of JSON.parse with %s', async (_name, lists) => {
    let copied = 0;
    await fc.assert(
      fc.asyncProperty(lists, async (text) => {
        if ((await expectSame(text)) > 0) copied++;
      }),
      { numRuns: propertyRuns(400) },
    );
    // A tenth of them is, more or less.
    expect(copied).toBeGreaterThan(propertyRuns(400) / 40);
  });

  it.each([
    ['numbers of all kinds', '[9007199254740993,-0,1e400,1.0,0.1,12345678901234567890123,1e3]'],
    ['keys that mean something to JavaScript', '{"__proto__":1,"constructor":2,"toJSON":3,"1":1,"0":0}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['escaped keys', String.raw`{"\u00e9":{"\ud83d\ude00":1},"\\u0061":2}`],
    ['depth', `${'['.repeat(200)}${']'.repeat(200)}`],
  ])('keeps %s in its metadata, to the letter', async (_name, metadata) => {
    const text = rowWith(`"metadata":{"m":${metadata}}`);
    await expectSame(text);
    const [first] = CASES;
    const { data } = (await first?.operation.execute(contextOf([...readRunList(text).rows]))) ?? {};
    expect(Buffer.from(data ?? []).toString()).toContain(`"metadata":{"m":${metadata}}`);
  });

  it('has its values however often one field is selected, also where the scanner has too little memory', async () => {
    const text = listOf(7, () => `"metadata":{"m":"${'x'.repeat(20_000)}"}`);
    const fields = Array.from({ length: 300 }, (_, n) => `a${n}: metadata`);
    const document = parse(`{ runs(first: 1000) { nodes { ${fields.join(' ')} } } }`);
    const rows = [...readRunList(text).rows];
    const { data } = await engine.prepare(document, undefined, {}).execute(contextOf(rows));
    const nodes = rows.map((row) => Object.fromEntries(fields.map((_, n) => [`a${n}`, row.metadata])));
    expect(parseJson(Buffer.from(data ?? []).toString())).toEqual({ data: { runs: { nodes } } });
  });

  it.each([
    ...['2024-02-29T23:59:59Z', '2025-12-31T00:00:00.123456', '2025-04-30T00:00:00'].map(rowOf),
    ...[0, 1, 15, 16, 17, 31, 32, 33, 100].flatMap((length) =>
      ['', '\\n', '\\"', '\\\\', '\\u00e9', '\\ud83d\\ude00', '\\ud83d', 'é', '\u{1f600}', '\u2028']
        .map((end) => 'x'.repeat(length) + end)
        .map((value) => rowWith(`"callback_error":"${value}","metadata":{"${value}":"${value}"}`)),
    ),
  ])('has its values at the edges of the calendar and of vectors: %#', async (text) => {
    expect(await expectSame(text)).toBe(1);
  });

  it.each([
    ...['2025-02-29T00:00:00Z', '2025-04-31T00:00:00.123456Z', '2025-13-01T00:00:00Z'].map(rowOf),
    ...['2025-01-01T24:00:00Z', '2025-01-01T00:60:00Z', '2025-01-01t00:00:00z'].map(rowOf),
    ...['2025-01-01T00:00:00+00:30', '2025-01-01T00:00:00-00:00', '2025-01-01T00:00:00+02:00'].map(rowOf),
    ...['2025-01-01T00:00:00.000000Z', '2025-01-01T00:00:00.123Z', '2025-01-01T00:00:00+00:00'].map(rowOf),
    // A field that is there twice.
    rowWith('"status":"failed","status":null'),
    rowWith('"request_config":{"use_assistant_message":true},"request_config":{}'),
    rowWith('"request_config":{"use_assistant_message":true,"use_assistant_message":null}'),
    rowWith(String.raw`"status":"failed","stat\u0075s":null`),
    rowWith(String.raw`"request_config":{"use_assistant_message":true,"use\u005fassistant_message":null}`),
    // White space between tokens.
    ...[' [', '[ ', '[{ ', ' }', '} ', ' ]', ': ', ' :', ', ', ' ,', '[\n']
      .map((spaced) => String(NESTED).replace(spaced.trim(), spaced))
      .map((text) => Buffer.from(text)),
    listOf(1001, (n) => `"metadata":{"n":${n}}`),
  ])('is left to the decoder where it is odd: %#', async (text) => {
    expect(await expectSame(text)).toBe(0);
  });

  const followers = ['\0', '\0x', '\f', '\u00a0', ',', ']', '[]', 'x'];
  it.each(followers)('is left to the decoder if %j follows the list', (rest) => {
    for (const list of ['[]', rowWith('"new":0').toString()]) {
      expect(readRunList(Buffer.from(list)).rows).toHaveLength(list === '[]' ? 0 : 1);
      expect(() => readRunList(Buffer.from(list + rest))).toThrow();
    }
  });
});

function rowWith(members: string, id = 'run-1', created = '2025-01-01T00:00:00Z'): Buffer {
  return Buffer.from(`[{"id":"${id}","agent_id":"a","created_at":"${created}",${members}}]`);
}

function rowOf(created: string): Buffer {
  return rowWith('"metadata":{}', 'run-1', created);
}

function listOf(length: number, members: (n: number) => string): Buffer {
  const rows = Array.from({ length }, (_, n) => rowWith(members(n), `run-${1e6 + n}`));
  return Buffer.from(`[${rows.map((row) => row.toString().slice(1, -1)).join()}]`);
}
