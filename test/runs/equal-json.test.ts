import { expect, it } from 'vitest';
import { equalJson, valueAt } from '../../src/json/equal-json.ts';
import { parseJson } from '../../src/json/parse-json.ts';

it.each([
  ['1', '1.0'],
  ['100', '1e2'],
  ['0', '-0.0'],
  ['9007199254740993', '9007199254740993'],
  ['10000000000000000000000000', '1e25'],
  ['{"a":1,"b":[null,{}]}', '{"b":[null,{}],"a":1.0}'],
  ['"a"', '"\\u0061"'],
])('%s equals %s', (a, b) => {
  expect(equalJson(parseJson(a), parseJson(b))).toBe(true);
});

it.each([
  ['9007199254740992', '9007199254740993'],
  ['9223372036854775807', '-9223372036854775807'],
  ['100000000000000000000', '10000000000000000000'],
  ['1', '"1"'],
  ['[]', '{}'],
  ['[1,2]', '[2,1]'],
  ['{"a":1}', '{"a":1,"b":2}'],
  ['{"a":null}', '{"b":null}'],
  ['{"a":1}', '{"__proto__":1}'],
  ['9007199254740993', '{"rawJSON":"9007199254740993"}'],
])('%s does not equal %s', (a, b) => {
  expect(equalJson(parseJson(a), parseJson(b))).toBe(false);
  expect(equalJson(parseJson(b), parseJson(a))).toBe(false);
});

it.each([
  [['a', 'b'], null],
  [['a', 'c.d'], 2],
  [['__proto__', 'x'], 1],
  [['a', 'list', '0'], undefined],
  [['a', 'list', 'length'], undefined],
  [['n', 'rawJSON'], undefined],
  [['a', 'b', 'c'], undefined],
  [['a', 'toString'], undefined],
  [['missing'], undefined],
])('The path %j leads to %j', (path, expected) => {
  const value = '{"a":{"b":null,"c.d":2,"list":[1]},"n":12345678901234567890,"__proto__":{"x":1}}';
  expect(valueAt(parseJson(value), path)).toEqual(expected);
});
