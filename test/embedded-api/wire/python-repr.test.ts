import { expect, test } from 'vitest';
import { pythonChoices, pythonString, pythonValue } from '../../../src/embedded-api/wire/python-repr.ts';

test.each([
  ['plain', "'plain'"],
  ["it's", '"it\'s"'],
  ['"quoted"', `'"quoted"'`],
  [`it's "both"`, `'it\\'s "both"'`],
  ['back\\slash', String.raw`'back\\slash'`],
  ['line\nbreak\ttab', String.raw`'line\nbreak\ttab'`],
  ['\u0000\u001f\u007f\u00a0', String.raw`'\x00\x1f\x7f\xa0'`],
  ['\u200b\u{e0001}', String.raw`'\u200b\U000e0001'`],
  ['a b', "'a b'"],
  ['Müßig 田中 🎂', "'Müßig 田中 🎂'"],
  ['\ufffd', "'\ufffd'"],
])('the Python repr of %j is %s', (text, expected) => {
  expect(pythonString(text)).toBe(expected);
});

test('values are shown as Python shows them', () => {
  expect(pythonValue([null, true, false, 1, 'a', { b: [] }])).toBe("[None, True, False, 1, 'a', {'b': []}]");
});

test.each([
  [['a'], "'a'"],
  [['a', 'b'], "'a' or 'b'"],
  [['a', 'b', 'c'], "'a', 'b' or 'c'"],
])('%j are listed as %s in an error', (values, expected) => {
  expect(pythonChoices(values)).toBe(expected);
});
