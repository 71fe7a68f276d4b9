import { expect, test } from 'vitest';
import { JsonProblem, loadJson, UnreadableJson } from '../../../src/embedded-api/wire/load-json.ts';
import { pythonRepr } from '../../../src/embedded-api/wire/python-repr.ts';

test.each([
  [' {"b": [1, -0, 2.50], "1": {}, "b": null}\n', "{'b': None, '1': {}}"],
  ['[NaN, Infinity, -Infinity, 1e999, 0, -1e-5]', '[nan, inf, -inf, inf, 0, -1e-05]'],
  ['"\\u00e9\\n\\"\\/\\ud83d\\ude00\u007f"', `'é\\n"/😀\\x7f'`],
  ['123456789012345678901', '123456789012345678901'],
  ['{"__proto__": true}', "{'__proto__': True}"],
  ['[ ]', '[]'],
])('%j is read as Python does', (text, repr) => {
  expect(pythonRepr(loadJson(text))).toBe(repr);
});

test.each([
  ['', 'Expecting value', 0],
  ['  ', 'Expecting value', 2],
  ['nonsense', 'Expecting value', 0],
  ['-', 'Expecting value', 0],
  ['[', 'Expecting value', 1],
  ['[1,', 'Expecting value', 3],
  ['[1,]', 'Expecting value', 3],
  ['[1 2]', "Expecting ',' delimiter", 3],
  ['[1', "Expecting ',' delimiter", 2],
  ['{', 'Expecting property name enclosed in double quotes', 1],
  ['{a:1}', 'Expecting property name enclosed in double quotes', 1],
  ['{"a":1,}', 'Expecting property name enclosed in double quotes', 7],
  ['{"a" 1}', "Expecting ':' delimiter", 5],
  ['{"a":1 "b":2}', "Expecting ',' delimiter", 7],
  ['{"a":', 'Expecting value', 5],
  ['{"😀é": nope}', 'Expecting value', 7],
  ['{}x', 'Extra data', 2],
  ['01', 'Extra data', 1],
  ['1.', 'Extra data', 1],
  ['"abc', 'Unterminated string starting at', 0],
  ['["a", "b\\', 'Unterminated string starting at', 6],
  ['"a\nb"', 'Invalid control character at', 2],
  ['"\\x"', 'Invalid \\escape', 1],
  ['"\\u12g4"', 'Invalid \\uXXXX escape', 2],
  ['"é\\ud83d', 'Invalid \\uXXXX escape', 3],
  ['"é\\\\ud83d', 'Unterminated string starting at', 0],
  ['\ufeff{}', 'Expecting value', 0],
])('%j is refused: %s, at %i', (text, message, at) => {
  const refuse = () => loadJson(text);
  expect(refuse).toThrow(JsonProblem);
  expect(refuse).toThrow(expect.objectContaining({ message, at }));
});

test.each([
  ['deep lists', `${'['.repeat(965)}${']'.repeat(965)}`],
  ['a very long number', '9'.repeat(4301)],
  ['lists without an end, as many as a body can hold', '['.repeat(1_000_000)],
])('%s are more than Python can hold', (_, text) => {
  expect(() => loadJson(text)).toThrow(UnreadableJson);
});

test('what is just within these limits is read', () => {
  expect(loadJson('9'.repeat(4300))).toBe(BigInt('9'.repeat(4300)));
  expect(() => loadJson(`${'['.repeat(964)}${']'.repeat(964)}`)).not.toThrow();
});
