import * as fc from 'fast-check';
import { type ByKind, CONFIG_FIELDS, type Field, mapFields, RUN_FIELDS } from '../support/run-fields.ts';

/** A JSON text of one value. */
export type Texts = fc.Arbitrary<string>;

export const oneOf = (...texts: readonly string[]): Texts => fc.constantFrom(...texts);
const orNull = (texts: Texts): Texts => fc.oneof({ weight: 3, arbitrary: texts }, fc.constant('null'));
const json = (values: fc.Arbitrary<unknown>): Texts => values.map((value) => JSON.stringify(value));
const strings = json(fc.string({ unit: 'binary', maxLength: 40 }));
const wholeNumbers = json(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 })).filter(
  (text) => text !== '-0',
);
const two = (max: number, min = 0): Texts =>
  fc.integer({ min, max }).map((number) => String(number).padStart(2, '0'));
const fraction = fc.integer({ min: 0, max: 999_999 }).map((number) => `.${String(number).padStart(6, '0')}`);
export const second = fc
  .tuple(two(12, 1), two(28, 1), two(23), two(59), two(59))
  .map(([month, day, hour, minute, at]) => `2025-${month}-${day}T${hour}:${minute}:${at}`);
/** Some often, so that rows stand in the same place, or only their ids tell. */
const created = fc.oneof(
  fc.tuple(second, fc.oneof(fraction, fc.constant(''))).map(([at, digits]) => `"${at}${digits}Z"`),
  oneOf('"2025-01-01T00:00:00Z"', '"2025-01-01T00:00:00.000000Z"', '"2025-01-01T00:00:00.000001Z"'),
);
const zoneless = fc
  .tuple(
    second,
    fc.oneof(
      fraction,
      fraction.map((text) => text.slice(0, 4)),
      fc.constant(''),
    ),
  )
  .map(([at, digits]) => `"${at}${digits}"`);
const ids = fc.oneof(
  oneOf('"run-1"', '"run-2"', '"run-12"'),
  fc
    .tuple(oneOf('run-', 'job-', 'agent-', ''), fc.stringMatching(/^[#-[\]-~]{1,40}$/))
    .map(([prefix, rest]) => `"${prefix}${rest}"`),
);
const enumTexts = ({ values = [] }: Field): Texts =>
  oneOf(...values, 'new_value', '').map((value) => `"${value}"`);
const objects = json(
  fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }),
);

/** The texts of each kind of field, where they aren't `null`. */
const TEXTS: ByKind<(field: Field) => Texts> = {
  id: () => ids,
  text: () => strings,
  enum: enumTexts,
  'enum list': (field) => fc.array(enumTexts(field), { maxLength: 3 }).map((list) => `[${list.join()}]`),
  flag: () => oneOf('true', 'false'),
  'zoned instant': () => created,
  'zoneless instant': () => fc.oneof(zoneless, created),
  object: () => objects,
  config: () => members(CONFIG),
  int: () => oneOf('0', '200', '503', '-1'),
  nanoseconds: () => wholeNumbers,
};

const textOf = (field: Field): Texts => {
  const texts = TEXTS[field.kind](field);
  // A status has no null on the wire; the gateway takes one all the same.
  return field.isRequired && field.kind !== 'enum' ? texts : orNull(texts);
};
export const CONFIG = mapFields(CONFIG_FIELDS, textOf);
export const RUN = mapFields(RUN_FIELDS, textOf);

/** What may stand in any field's place, right there or wrong, and what JSON does not know. */
const STRANGE_VALUES = [
  ['null', 'true', 'false', '0', '-0', '00', '-', '1.0', '1e2', '1E-2', '1.', '.5', '1e', '0x1', 'NaN'],
  ['9007199254740991', '9007199254740993', '-9007199254740992', '12345678901234567890', '4294967296'],
  ['""', '"x"', '"\\u0061"', '"\\u00e9"', '"\\ud83d"', '"\\uD83D\\uDE00"', '"\\/"', '"\\x"', '"\\u12"'],
  ['"a\nb"', '"a\tb"', '"\\n"', '"é"', '"\u2028"', '"\\', '"', '{}', '[]', '[[]]', '{"a":[1,{"b":null}]}'],
  ['{"a":1,"a":2}', '{"":0}', '{a:1}', '{"a":1,}', '[1,]', '[,]', '{,}', ' 1', '1 ', '[ ]', '{ }', '\t0'],
  ['"completed"', '"complete\\u0064"', '["tool_call_message","x"]', '["tool\\u005fcall_message"]', '[1]'],
  ['"2025-01-01T00:00:00Z"', '"2025-01-01T00:00:00.123456Z"', '"2025-01-01T00:00:00.1Z"', '"2025-01-01"'],
  ['"2025-02-29T00:00:00Z"', '"2025-13-01T00:00:00Z"', '"2025-01-01T24:00:00Z"', '"2025-01-01T00:60:00"'],
  ['"2025-01-01T00:00:00+00:00"', '"2025-01-01T00:00:00.1234567"', '"2025-01-01 00:00:00"', 'nulll'],
  ['"2025-01-01T00:00:00z"', '"2025-01-01T00:00:00."', '"2025-01-01T0:00:00Z"', 'tru', 'nul', 'falsey'],
  [`"${'x'.repeat(200)}"`, `${'['.repeat(70)}${']'.repeat(70)}`],
];
const STRANGE = oneOf(...STRANGE_VALUES.flat());

function members(fields: Readonly<Record<string, Texts>>): Texts {
  return fc.record(fields).map(
    (texts) =>
      `{${Object.entries(texts)
        .map(([key, text]) => `"${key}":${text}`)
        .join()}}`,
  );
}

const lists = (rows: Texts): fc.Arbitrary<Buffer> =>
  fc.array(rows, { maxLength: 6 }).map((list) => Buffer.from(`[${list.join()}]`));

/** Lists as servers write them. */
export const usualRows = lists(members(RUN));

/** With fields missing, in any order, twice, unknown, or with another value. */
const strangeRow = fc
  .tuple(
    fc.record(RUN),
    fc.option(fc.shuffledSubarray(Object.keys(RUN), { minLength: Object.keys(RUN).length - 3 }), { freq: 2 }),
    fc.array(fc.tuple(oneOf(...Object.keys(RUN), ...Object.keys(CONFIG), 'new', 'i\\u0064'), STRANGE), {
      maxLength: 2,
    }),
    fc.constantFrom('last', 'in place'),
    oneOf('', '', '', '', ' ', '\n'),
  )
  .map(([texts, order, changes, how, space]) => {
    const row = new Map<string, string>(Object.entries(texts));
    if (how === 'in place') for (const [key, text] of changes) row.set(key, text);
    const keys = order === null ? [...row.keys()] : [...order];
    const list = keys.map((key): [string, string] => [key, row.get(key) ?? 'null']);
    if (how === 'last') list.push(...changes);
    return `{${list.map(([key, text]) => `"${key}":${space}${text}`).join()}}`;
  });
export const strangeRows = lists(fc.oneof(members(RUN), strangeRow));

/** A list with some bytes changed, added or left out. */
export const broken = (texts: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      texts.filter((text) => text.length > 2),
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.oneof(fc.nat(255), punctuation())), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([text, changes]) => {
      let bytes = text;
      for (const [place, removed, added] of changes) {
        const at = place % bytes.length;
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([added]), bytes.subarray(at + removed)]);
      }
      return bytes;
    });

function punctuation(): fc.Arbitrary<number> {
  return fc.constantFrom(...Buffer.from('"\\,:[]{}0-.eEu \n\0'));
}

/** Ways to cut a text into pieces, as a network does. */
export const pieces = fc.array(fc.nat(), { maxLength: 3 }).map((cuts) => (text: Buffer) => {
  const places = cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b);
  return [...places, text.length].map((end, index) => text.subarray(places[index - 1] ?? 0, end));
});
