import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasEscapedKey } from '../../src/json/escaped-keys.ts';
import { parseInputJson, parseJson } from '../../src/json/parse-json.ts';
import { readJson } from '../../src/json/read-json.ts';
import { exactOf, type ExactJson, parseExactly } from '../support/exact-json.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { brokenTexts, jsonTexts } from './json-texts.ts';

const PARSERS = {
  parseJson,
  parseInputJson,
  readJson: (text: string) => readJson(text, Number),
};

describe.each(Object.entries(PARSERS))('%s', (_name, parse) => {
  it('gives the keys of the text, whatever was parsed before', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        expect(exactOf(parse(text))).toEqual(parseExactly(text));
      }),
      { numRuns: propertyRuns(3000) },
    );
  });

  // V8 errs where only one key has ever followed, so each case begins with another.
  it.each<[first: string, second: string]>([
    [String.raw`{"v":1,"\\":1}`, String.raw`{"v":1,"\n":2}`],
    [String.raw`{"w":1,"\\":1}`, String.raw`{"w":1,"\"":2}`],
    [String.raw`{"x":1,"x\\":1}`, String.raw`{"x":1,"x\u0061":2}`],
    [String.raw`{"y":1,"\\u":1}`, String.raw`{"y":1,"\u0069d":2}`],
    [String.raw`{"z":1,"\\n":1}`, String.raw`{"z":1,"\nb":2}`],
    [String.raw`{"b":[{"c":1,"\\":1}]}`, String.raw`{"b":[{"c":1,"\u00e9":2}]}`],
    [String.raw`{"d":1,"\\":1}`, '{"d":1,"\\n"\n \t:12345678901234567890}'],
  ])('parses %s, and after it %s', (first, second) => {
    // Kept, because V8 forgets the keys of objects that are gone.
    const values = [first, first, second].map(parse);
    expect(values.map((value) => Object.keys(Object(value)))).toEqual(
      [first, first, second].map((text) => keysOf(parseExactly(text))),
    );
    expect(exactOf(values[2])).toEqual(parseExactly(second));
  });

  it('refuses what is no JSON with a SyntaxError', () => {
    fc.assert(
      fc.property(brokenTexts, (text) => {
        expect(resultOf(() => exactOf(parse(text)))).toEqual(resultOf(() => parseExactly(text)));
      }),
      {
        numRuns: propertyRuns(3000),
        examples: ['', ' ', '"', '"\\', '{"\\n', '{"\\n":', '{"\\n":1,}', '["\\n":1]', '\ufeff{"\\n":1}'].map(
          (text) => [text] as [string],
        ),
      },
    );
  });

  it.each(['[', '{"\\n":', '{"1":'])('parses a hundred thousand levels of %s', (start) => {
    const end = start === '[' ? ']' : '}';
    let value = parse(`${start.repeat(100_000)}12345678901234567890${end.repeat(100_000)}`);
    let depth = 0;
    for (; typeof value === 'object' && value !== null && !JSON.isRawJSON(value); depth++) {
      [value] = Object.values(value);
    }
    expect(depth).toBe(100_000);
  });
});

describe('A JSON text', () => {
  it('has an escaped key only if a key is spelled with a backslash', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        const keys = [...text.matchAll(/"((?:[^"\\]|\\.)*)"[ \t\r\n]*(:?)/g)].filter(
          ([, , colon]) => colon === ':',
        );
        expect(hasEscapedKey(text)).toBe(keys.some(([, key]) => key?.includes('\\')));
      }),
      { numRuns: propertyRuns(3000) },
    );
  });

  it.each([
    '{"id":9007199254740993}',
    '{"a":[-12345678901234567890,{"b":123456789012345678901234567890}]}',
    '{"text":"9007199254740993","n":1}',
    '[9007199254740991,-9007199254740991,0,1.5]',
    '{"__proto__":{"x":1}}',
    '{"\\n":9007199254740993,"__proto__":{"x":1}}',
    ...Array.from({ length: 17 }, (_, shift) => `{"a":"${'x'.repeat(shift)}","n":[-9007199254740993]}`),
    ...Array.from({ length: 17 }, (_, shift) => `["${'x'.repeat(shift)}",1234567890123456]`),
  ])('goes in and out unchanged: %s', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });
});

function keysOf(value: ExactJson): readonly string[] {
  return value instanceof Map ? [...value.keys()] : [];
}

function resultOf(parse: () => ExactJson): ExactJson {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) return 'a SyntaxError';
    throw error;
  }
}
