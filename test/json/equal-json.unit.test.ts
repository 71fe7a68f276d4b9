import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalJson, valueAt } from '../../src/json/equal-json.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { propertyRuns } from '../support/property-runs.ts';

const raw = (text: string): unknown => JSON.rawJSON(text);

describe('Equal', () => {
  it.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['0', '-0.0'],
    ['9007199254740993', '9007199254740993'],
    ['10000000000000000000000000', '1e25'],
    ['9223372036854775807', '9223372036854775807'],
    ['{"a":1,"b":[null,{}]}', '{"b":[null,{}],"a":1.0}'],
    ['"a"', '"\\u0061"'],
  ])('are %s and %s', (a, b) => {
    expect(equalJson(parseJson(a), parseJson(b))).toBe(true);
  });

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['9223372036854775807', '-9223372036854775807'],
    ['100000000000000000000', '10000000000000000000'],
    ['1', '"1"'],
    ['1', 'true'],
    ['null', '{}'],
    ['[]', '{}'],
    ['{}', '[]'],
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":null}', '{"b":null}'],
    ['{"a":1}', '{"__proto__":1}'],
    ['9007199254740993', '{"rawJSON":"9007199254740993"}'],
  ])('are not %s and %s', (a, b) => {
    expect(equalJson(parseJson(a), parseJson(b))).toBe(false);
    expect(equalJson(parseJson(b), parseJson(a))).toBe(false);
  });

  it.each([
    ['1e25', '10000000000000000000000000'],
    ['9007199254740993.0', '9007199254740993'],
    ['-1.20E3', '-1200'],
    ['0e5', '0'],
  ])('are the numbers %s and %s as they are written', (a, b) => {
    expect(equalJson(raw(a), raw(b))).toBe(true);
    expect(equalJson(raw(a), raw(`1${b.replace('-', '')}`))).toBe(false);
  });

  it('is every value and itself, with its keys in another order', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, each]) => [key, turned(each)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(equalJson(value, turned(value))).toBe(true);
        expect(equalJson(value, [value])).toBe(false);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe('A path', () => {
  const value = parseJson('{"a":{"b":null,"c.d":2,"list":[1]},"n":12345678901234567890,"__proto__":{"x":1}}');

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
  ])('%j leads to %j', (path, expected) => {
    expect(valueAt(value, path)).toEqual(expected);
  });
});
