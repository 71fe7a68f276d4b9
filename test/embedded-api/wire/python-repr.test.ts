import { expect, test } from 'vitest';
import { readPythonJson } from '../../../src/embedded-api/wire/python-json.ts';
import { pythonChoices, pythonRepr, pythonString } from '../../../src/embedded-api/wire/python-repr.ts';

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
  const value = readPythonJson('[null,true,false,1,"a",{"b":[],"1":-0}]');
  expect(pythonRepr(value)).toBe("[None, True, False, 1, 'a', {'b': [], '1': 0}]");
});

test.each([
  ['1.0', '1.0'],
  ['-0.0', '-0.0'],
  ['1e400', 'inf'],
  ['-1e400', '-inf'],
  ['1e16', '1e+16'],
  ['1e15', '1000000000000000.0'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['1.5e-300', '1.5e-300'],
  ['18446744073709551616', '18446744073709551616'],
])('the Python repr of the JSON number %s is %s', (text, expected) => {
  expect(pythonRepr(readPythonJson(text))).toBe(expected);
});

test.each([
  [['a'], "'a'"],
  [['a', 'b'], "'a' or 'b'"],
  [['a', 'b', 'c'], "'a', 'b' or 'c'"],
])('%j are listed as %s in an error', (values, expected) => {
  expect(pythonChoices(values)).toBe(expected);
});
