import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInputJson, parseJson } from '../../src/json/parse-json.ts';
import { stringifyJson } from '../../src/json/stringify-json.ts';
import { propertyRuns } from '../support/property-runs.ts';

/** A value, and one of the texts that spell it. */
interface Spelled {
  readonly value: unknown;
  readonly text: string;
}

/** JSON.parse errs in the keys of objects alone: see below. */
const spell = (text: string): Spelled => ({ value: JSON.parse(text) as unknown, text });
/** Characters and escapes. V8 confuses keys whose source texts begin alike, so the alphabet is small. */
const PIECES = ['a', 'n', 'u', '1', 'é', '[', '\\\\', '\\n', '\\"', '\\/', '\\u0061', '\\u005C', '\\u0031'];
const strings = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 4 })
  .map((pieces) => spell(`"${pieces.join('')}"`));
const spelled = (...texts: readonly string[]) => fc.constantFrom(...texts.map(spell));
/** Many objects begin with the same keys, so that one text prepares for the next. */
const keys = fc.oneof(
  spelled('"a"', '"b"', '"id"', '"1"', '"__proto__"', String.raw`"\u005f_proto__"`),
  strings,
);
const spaces = fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\n\t', '\r '));
const { values } = fc.letrec<{ objects: Spelled; lists: Spelled; values: Spelled }>((tie) => ({
  objects: fc.array(fc.tuple(spaces, keys, spaces, tie('values')), { maxLength: 4 }).map((members) => ({
    // Of equal keys the last wins, in the place of the first.
    value: Object.fromEntries(members.map(([, key, , { value }]) => [String(key.value), value])),
    text: `{${members.map(([a, key, b, { text }]) => `${a}${key.text}${b}:${b}${text}${a}`).join()}}`,
  })),
  lists: fc.array(tie('values'), { maxLength: 3 }).map((items) => ({
    value: items.map(({ value }) => value),
    text: `[${items.map(({ text }) => text).join()}]`,
  })),
  values: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(spelled('1', '1.5e3', 'true', 'false', 'null', '[]', '{}'), strings),
    tie('objects'),
    tie('lists'),
  ),
}));
const brokenTexts = fc
  .tuple(values, fc.nat(), fc.nat(1), fc.constantFrom('', '"', '\\', ',', ':', '{', '}', ']', '0', '\n', 'x'))
  .map(([{ text }, seed, removed, added]) => {
    const at = seed % (text.length + 1);
    return text.slice(0, at) + added + text.slice(at + removed);
  });

const nest = (start: string, levels: number, inner: string): string =>
  start.repeat(levels) + inner + (start === '[' ? ']' : '}').repeat(levels);

describe.each([
  ['the upstream', parseJson],
  ['a client', parseInputJson],
])('JSON of %s', (_who, parse) => {
  it('has the keys and values of its text, whatever was parsed before', () => {
    fc.assert(
      fc.property(values, ({ value, text }) => {
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(value));
      }),
      { numRuns: propertyRuns(1500) },
    );
  });

  // V8 errs where only one key has ever followed, so each case begins with another.
  it.each<[first: string, second: string, key: string]>([
    [String.raw`{"v":1,"\\":1}`, String.raw`{"v":1,"\n":2}`, '\n'],
    [String.raw`{"w":1,"\\":1}`, String.raw`{"w":1,"\"":2}`, '"'],
    [String.raw`{"x":1,"x\\":1}`, String.raw`{"x":1,"x\u0061":2}`, 'xa'],
    [String.raw`{"y":1,"\\u":1}`, String.raw`{"y":1,"\u0069d":2}`, 'id'],
    [String.raw`{"z":1,"\\n":1}`, String.raw`{"z":1,"\nb":2}`, '\nb'],
    [String.raw`{"d":1,"\\":1}`, '{"d":1,"\\n"\n \t:12345678901234567890}', '\n'],
  ])('has its own keys: %s, and after it %s', (first, second, key) => {
    // Parsed by V8 itself, as a library may do; and kept, because V8 forgets the keys of objects that are gone.
    const before = [1, 2].map((): unknown => JSON.parse(first));
    expect([before.length, Object.keys(Object(parse(second)))[1]]).toEqual([2, key]);
  });

  it('is refused with a SyntaxError where JSON.parse refuses it', () => {
    fc.assert(
      fc.property(brokenTexts, (text) => {
        expect(failureOf(() => parse(text))).toBe(failureOf(() => JSON.parse(text)));
      }),
      {
        numRuns: propertyRuns(1500),
        examples: ['', ' ', '"', '"\\', '{"\\n', '{"\\n":', '{"\\n":1,}', '["\\n":1]', '\ufeff{"\\n":1}'].map(
          (text) => [text] as [string],
        ),
      },
    );
  });

  it.each(['[', '{"1":'])('may have fifty thousand levels of %s', (start) => {
    const text = nest(start, 50_000, '1');
    // Compared as a whole, but not printed.
    expect(stringifyJson(parse(text)) === text).toBe(true);
  });

  it('is refused with a SyntaxError for so many levels with an escaped key', () => {
    expect(() => parse(nest('{"\\n":', 50_000, '1'))).toThrow(SyntaxError);
    expect(() => parse('{"\\n":'.repeat(50_000))).toThrow(SyntaxError);
  });
});

describe('JSON that is passed on', () => {
  it.each([
    '{"id":9007199254740993}',
    '{"a":[-12345678901234567890,{"b":123456789012345678901234567890}]}',
    '{"text":"9007199254740993","n":1}',
    '[9007199254740991,-9007199254740991,0,1.5]',
    '{"__proto__":{"x":1}}',
    '{"\\n":9007199254740993,"__proto__":{"x":1}}',
    nest('[', 1000, '12345678901234567890'),
    ...Array.from({ length: 17 }, (_, shift) => `{"a":"${'x'.repeat(shift)}","n":[-9007199254740993]}`),
    ...Array.from({ length: 17 }, (_, shift) => `["${'x'.repeat(shift)}",1234567890123456]`),
  ])('is unchanged: %#', (text) => {
    expect(stringifyJson(parseJson(text)) === text).toBe(true);
  });

  it('is written as by JSON.stringify, at any depth', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('[', '{"1":'), ({ value, text }, start) => {
        const shallow = JSON.stringify(value);
        expect(stringifyJson(parseJson(text))).toBe(shallow);
        let deep = value;
        for (let level = 0; level < 20_000; level++) deep = start === '[' ? [deep] : { 1: deep };
        expect(stringifyJson(deep) === nest(start, 20_000, shallow)).toBe(true);
      }),
      { numRuns: propertyRuns(20) },
    );
  });
});

function failureOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
}

it.each(['1.5', '-0.25', '1e3', '7'])('Beside a long number, %s stays a number', (number) => {
  expect(parseJson(`{"long":12345678901234567890,"a":${number}}`)).toHaveProperty('a', Number(number));
});
