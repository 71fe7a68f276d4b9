import { expect, it } from 'vitest';
import { parseJson } from '../../src/json/parse-json.ts';
import { matchesMetadata, METADATA } from '../../src/runs/metadata-filter.ts';

const matches = (metadata: string, path: string, equals: string): boolean =>
  matchesMetadata(parseJson(metadata), [METADATA.read({ path, equals: parseJson(equals) }, 'metadata')]);

it.each([
  ['1', '1.0'],
  ['100', '1e2'],
  ['-0.0', '0'],
  ['0', '-0.0'],
  ['9007199254740993', '9007199254740993'],
  ['{"a":1,"b":[null,{}]}', '{"b":[null,{}],"a":1.0}'],
  ['"a"', '"\\u0061"'],
])('%s equals %s', (a, b) => {
  expect(matches(`{"x":${a}}`, 'x', b)).toBe(true);
});

it.each([
  ['9007199254740994', '9007199254740993'],
  ['9223372036854775807', '-9223372036854775807'],
  ['1', '"1"'],
  ['[]', '{}'],
  ['[1,2]', '[2,1]'],
  ['{"a":1}', '{"a":1,"b":2}'],
  ['{"a":null}', '{"b":null}'],
  ['{"a":1}', '{"__proto__":1}'],
  ['9007199254740993', '{"rawJSON":"9007199254740993"}'],
])('%s does not equal %s', (a, b) => {
  expect(matches(`{"x":${a}}`, 'x', b)).toBe(false);
  expect(matches(`{"x":${b}}`, 'x', a)).toBe(false);
});

it.each([
  ['a.b', true],
  [String.raw`a.c\.d`, true],
  ['__proto__.x', true],
  ['a.list.0', false],
  ['a.list.length', false],
  ['n.rawJSON', false],
  ['a.b.c', false],
  ['a.toString', false],
  ['missing', false],
])('Whether %s exists: %s', (path, exists) => {
  const metadata = '{"a":{"b":null,"c.d":2,"list":[1]},"n":12345678901234567890,"__proto__":{"x":1}}';
  expect(matchesMetadata(parseJson(metadata), [METADATA.read({ path, exists }, 'metadata')])).toBe(true);
});
