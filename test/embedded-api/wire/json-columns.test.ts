import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeJson } from '../../../src/embedded-api/model/json-column.ts';
import { JsonText } from '../../../src/embedded-api/model/json-text.ts';
import { orjson } from '../../../src/embedded-api/wire/orjson.ts';
import { readPythonJson } from '../../../src/embedded-api/wire/python-json.ts';
import { runId, runningApi } from '../running-api.ts';

/** The metadata of a run as it is sent, or the status and detail of the error. */
async function sent(metadata: unknown, path = `/v1/runs/${runId(1)}`): Promise<string> {
  await using api = await runningApi([
    { id: runId(1), agent_id: 'agent-a', created_at: '2025-01-01T00:00:05Z', metadata },
  ]);
  const response = await api.get(path);
  const text = await response.text();
  if (response.status !== 200) return `${response.status} ${JSON.parse(text).detail}`;
  return /"metadata":(.*),"request_config"/s.exec(text)?.[1] ?? text;
}

// Each was sent so by Letta 0.16.7.
test.each([
  ['1e5', '100000.0'],
  ['-0', '0'],
  ['-0.0', '-0.0'],
  ['0e5', '0.0'],
  ['1.0', '1.0'],
  ['1e400', 'null'],
  ['-1e400', 'null'],
  ['1e15', '1000000000000000.0'],
  ['1e16', '1e+16'],
  ['123456789012345678.0', '1.2345678901234568e+17'],
  ['1e-5', '0.00001'],
  ['1e-6', '1e-6'],
  ['2.5E-10', '2.5e-10'],
  ['5e-324', '5e-324'],
  ['9007199254740993', '9007199254740993'],
  ['18446744073709551615', '18446744073709551615'],
  ['-9223372036854775808', '-9223372036854775808'],
  [String.raw`"\u00e9\u4e2d\ud83d\ude00"`, '"é中😀"'],
  [String.raw`"\u0001\u007f\u0080\/\b\f\n\r\t\"\\"`, '"\\u0001\u007f\u0080/\\b\\f\\n\\r\\t\\"\\\\"'],
  [String.raw`"\ud800x"`, '"x"'],
  ['[ 1 , { "b" : [ ] } ]', '[1,{"b":[]}]'],
])('%s in metadata is sent as %s', async (text, expected) => {
  expect(await sent(new JsonText(`{"a":${text}}`))).toBe(`{"a":${expected}}`);
});

test.each([
  ['null', 'null'],
  ['{"dup":1,"b":2,"dup":3}', '{"dup":3,"b":2}'],
  ['{"1":"a","0":"b"}', '{"1":"a","0":"b"}'],
  ['{"__proto__":1}', '{"__proto__":1}'],
  [String.raw`{"\\":1,"\n":2}`, String.raw`{"\\":1,"\n":2}`],
  ['{"a":18446744073709551616}', '500 An unknown error occurred'],
  ['{"a":-9223372036854775809}', '500 An unknown error occurred'],
  [
    `{"a":${'1'.repeat(4301)}}`,
    '400 Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; ' +
      'use sys.set_int_max_str_digits() to increase the limit',
  ],
  [
    String.raw`{"\ud800k":1}`,
    String.raw`400 'utf-8' codec can't encode character '\ud800' in position 0: surrogates not allowed`,
  ],
  [
    String.raw`{"😀\ud800\ud801x":1}`,
    "400 'utf-8' codec can't encode characters in position 1-2: surrogates not allowed",
  ],
])('the metadata %s are sent as %s', async (text, expected) => {
  expect(await sent(new JsonText(text))).toBe(expected);
});

const lists = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const UNKNOWN = '500 An unknown error occurred';
const TOO_DEEP = '400 Circular reference detected (depth exceeded)';

test.each([
  [lists, 251, 'sent', 'sent'],
  [lists, 252, 'sent', UNKNOWN],
  [lists, 253, UNKNOWN, UNKNOWN],
  [lists, 255, UNKNOWN, UNKNOWN],
  [lists, 256, TOO_DEEP, TOO_DEEP],
  [lists, 973, TOO_DEEP, TOO_DEEP],
  [lists, 974, UNKNOWN, UNKNOWN],
  [objects, 252, 'sent', 'sent'],
  [objects, 253, 'sent', UNKNOWN],
  [objects, 255, UNKNOWN, UNKNOWN],
  [objects, 256, TOO_DEEP, TOO_DEEP],
  [objects, 974, TOO_DEEP, TOO_DEEP],
  [objects, 975, UNKNOWN, UNKNOWN],
])('%o nested %i deep is %s alone and %s in a list', async (nested, depth, alone, listed) => {
  const text = nested(depth);
  // Whether it was inserted as text or as a value.
  for (const metadata of [new JsonText(text), JSON.parse(text)]) {
    expect(await sent(metadata)).toBe(alone === 'sent' ? text : alone);
    expect(await sent(metadata, '/v1/runs/')).toBe(listed === 'sent' ? text : listed);
  }
});

test('of several bad rows in a list, the one that fails in the earliest step decides', async () => {
  const texts = ['{"a":18446744073709551616}', lists(300), '"text"', `{"a":${'1'.repeat(4301)}}`];
  const runs = texts.map((text, at) => ({
    id: runId(at + 1),
    agent_id: 'agent-a',
    created_at: '2025-01-01T00:00:05Z',
    metadata: new JsonText(text),
  }));
  const details: string[] = [];
  for (let count = 1; count <= runs.length; count += 1) {
    await using api = await runningApi(runs.slice(0, count));
    const { body } = await api.json('/v1/runs/?order=asc');
    details.push(JSON.stringify(body));
  }
  expect(details).toEqual([
    expect.stringContaining('An unknown error occurred'),
    expect.stringContaining('Circular reference detected'),
    expect.stringContaining('Input should be a valid dictionary'),
    expect.stringContaining('Exceeds the limit'),
  ]);
});

test('a text that is not JSON is refused', () => {
  expect(() => new JsonText('{"a":NaN}')).toThrow(SyntaxError);
});

test('a value that is stored to be sent unchanged is what would be sent if it were respelled', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.bigInt({ min: 0n, max: 2n ** 70n }).map(Number),
    fc.string({ unit: 'binary' }).map((text) => ({ [text]: `${text}\ud800` })),
  );
  fc.assert(
    fc.property(value, (item) => {
      const stored = encodeJson({ item });
      if (!stored.startsWith(' ')) expect(orjson(readPythonJson(stored), 0)).toBe(stored);
    }),
  );
});

test('a key is never that of another text', () => {
  const texts = ['{"a":1,"\\\\":1}', '{"a":1,"\\n":2}'];
  expect(texts.map((text) => orjson(readPythonJson(text), 0))).toEqual(texts);
});
