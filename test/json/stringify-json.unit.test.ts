import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '../../src/json/parse-json.ts';
import { stringifyJson } from '../../src/json/stringify-json.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { jsonTexts } from './json-texts.ts';

it('A value is written as by JSON.stringify, also under twenty thousand levels', () => {
  fc.assert(
    fc.property(jsonTexts, fc.constantFrom('[', '{"\\n":', '{"1":'), (text, start) => {
      const value = parseJson(text);
      const shallow = JSON.stringify(value);
      const end = start === '[' ? ']' : '}';
      const deep = (inner: string): string => start.repeat(20_000) + inner + end.repeat(20_000);
      expect(stringifyJson(value)).toBe(shallow);
      // Not by toBe, which would print both.
      expect(stringifyJson(parseJson(deep(text))) === deep(shallow)).toBe(true);
    }),
    { numRuns: propertyRuns(20) },
  );
});

it('A long integer keeps its digits under twenty thousand levels', () => {
  const text = `${'['.repeat(20_000)}12345678901234567890${']'.repeat(20_000)}`;
  expect(stringifyJson(parseJson(text)) === text).toBe(true);
});
