import * as fc from 'fast-check';
import { type ByKind, CONFIG_FIELDS, type Field, mapFields, RUN_FIELDS } from '../support/run-fields.ts';

/** A JSON text of one value. */
type Texts = fc.Arbitrary<string>;
/** Texts of values by keys. */
type Row = Readonly<Record<string, string>>;

const oneOf = (...texts: readonly string[]): Texts => fc.constantFrom(...texts);
const orNull = (texts: Texts): Texts => fc.oneof({ weight: 3, arbitrary: texts }, fc.constant('null'));
const json = (values: fc.Arbitrary<unknown>): Texts => values.map((value) => JSON.stringify(value));
const joined = (...parts: readonly Texts[]): Texts => fc.tuple(...parts).map((texts) => texts.join(''));
const two = (max: number, min = 0): Texts =>
  fc.integer({ min, max }).map((number) => String(number).padStart(2, '0'));

const days = fc.oneof(
  joined(oneOf('2025-'), two(12, 1), oneOf('-'), two(28, 1)),
  oneOf('2024-02-29', '2023-02-28', '2025-12-31', '2025-01-01', '2025-03-01', '2000-02-29'),
);
const times = fc.oneof(
  joined(oneOf('T'), two(23), oneOf(':'), two(59), oneOf(':'), two(59)),
  oneOf('T00:00:00', 'T23:59:59'),
);
const fractions = fc.oneof(
  oneOf('', '.000001', '.100000'),
  fc.stringMatching(/^\.[0-9]{6}$/).filter((digits) => digits !== '.000000'),
);
const zones = oneOf('Z', 'Z', '');
/** Some often, so that rows stand in the same place, or only their ids tell. */
const instants = fc.oneof(
  joined(oneOf('"'), days, times, fractions, zones, oneOf('"')),
  oneOf('"2025-01-01T00:00:00Z"', '"2025-01-01T00:00:00"', '"2025-01-01T00:00:00.000001Z"'),
);
const ids = fc.oneof(
  oneOf('"run-1"', '"run-2"', '"run-12"'),
  joined(oneOf('"run-', '"job-', '"agent-', '"'), fc.stringMatching(/^[#-[\]-~]{1,40}$/), oneOf('"')),
);
const enumTexts = ({ values }: Field): Texts =>
  oneOf(...values, 'new_value', '').map((value) => `"${value}"`);
const wholeNumbers = json(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 })).filter(
  (text) => text !== '-0',
);

/** The texts of each kind of field, where they aren't `null`. */
const TEXTS: ByKind<(field: Field) => Texts> = {
  id: () => ids,
  text: () => json(fc.string({ unit: 'binary', maxLength: 40 })),
  'enum value': enumTexts,
  'enum list': (field) => fc.array(enumTexts(field), { maxLength: 3 }).map((list) => `[${list.join()}]`),
  boolean: () => oneOf('true', 'false'),
  created: () => instants,
  instant: () => instants,
  object: () =>
    json(fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })),
  config: () => fc.record(CONFIG).map((texts) => objectOf(Object.entries(texts))),
  int: () => oneOf('0', '200', '503', '-1'),
  'whole number': () => wholeNumbers,
};
const textOf = (field: Field): Texts => {
  const texts = TEXTS[field.kind](field);
  // A status has no null on the wire; the gateway takes one all the same.
  return field.isRequired && field.kind !== 'enum value' ? texts : orNull(texts);
};
const CONFIG = mapFields(CONFIG_FIELDS, textOf);
const RUN = mapFields(RUN_FIELDS, textOf);

/** What no server sends, and only the decoder takes. */
const ODD_INSTANTS = [
  ['"2025-01-01T00:00:00.000Z"', '"2025-01-01T00:00:00.000000Z"', '"2025-01-01T00:00:00.123456789Z"'],
  ['"2025-01-01T00:00:00+00:00"', '"2025-01-01T00:00:00.1"'],
  ['"2025-01-01t00:00:00Z"', '"2025-01-01 00:00:00.5"', '"2025-01-01T00:00:00.1234z"'],
  ['"2025-02-29T00:00:00Z"', '"2025-01-01T24:00:00+01:00"', '"0000-01-01T00:00:00+00:01"'],
  ['"2025-01-01T00:00:00+02:00"', '"2025-01-01T00:00:00-00:00"', '"2025-01-01T00:00:00+00:0"'],
  ['"9999-12-31T23:59:59.5-00:01"', '"2025-01-01T00:00:00.12345678901Z"'],
  [String.raw`"2025-01-01T00:00:0\u0030Z"`],
];
const oddInstants = oneOf(...ODD_INSTANTS.flat());
const oddEnums = oneOf('"é"', '"max steps"', String.raw`"complete\u0064"`, String.raw`"a\"b"`);
const oddNumbers = oneOf('-0', '1e2', '200.0', '2E+2', '1e-0', '2147483647', '-2147483648', '0e9', '0');
const oddRow = some({
  id: oneOf(String.raw`"\u0072un-1"`, String.raw`"run\u002d12"`),
  created_at: oddInstants,
  completed_at: oddInstants,
  status: oddEnums,
  stop_reason: oddEnums,
  callback_status_code: oddNumbers,
  ttft_ns: fc.oneof(oddNumbers, oneOf('9007199254740991', '-1e15')),
});
const unknownMember = fc.tuple(
  // The last two are known in another object.
  oneOf('new', 'ttft', '', 'total_duration_ms', 'x'.repeat(40), 'use_assistant_message', 'status'),
  oneOf('null', '-1.5e3', String.raw`"\u0022]}"`, '{}', '[]', '{"a":[{"b":null},["c",0]]}', 'true'),
);

/** How the objects of a list are spelled. */
const style = fc.record({
  /** The order of keys: that of the table, or another one that is the same for all rows, or for none. */
  order: fc.constantFrom('table', 'list', 'row'),
  seed: fc.nat(1000),
  missing: fc.oneof(
    fc.constant<string[]>([]),
    fc.subarray(Object.keys(RUN).filter((key) => !['id', 'agent_id', 'created_at'].includes(key))),
  ),
  unknown: fc.array(unknownMember, { maxLength: 3 }),
});
type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never;

/** Lists of runs in the spellings that servers may have. */
export const rightLists: fc.Arbitrary<Buffer> = fc
  .tuple(style, fc.array(fc.record(RUN), { maxLength: 5 }))
  .map(([how, rows]) => {
    const texts = rows.map((row, index) => styled(row, how, index));
    return Buffer.from(`[${texts.join()}]`);
  });

function some(texts: Readonly<Record<string, Texts>>): fc.Arbitrary<Row> {
  return fc
    .tuple(fc.record(texts), fc.subarray(Object.keys(texts)))
    .map(([row, keys]) => Object.fromEntries(keys.map((key) => [key, row[key] ?? 'null'])));
}

function styled(values: Row, { order, seed, missing, unknown }: Style, index: number): string {
  const others = unknown.filter(([key]) => !(key in values));
  const members = [...Object.entries(values), ...others].filter(([key]) => !missing.includes(key));
  const start = order === 'row' ? index : 0;
  const rank = ([key]: readonly [string, string]): number =>
    Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte + seed) % 1009, start);
  return objectOf(order === 'table' ? members : members.toSorted((a, b) => rank(a) - rank(b)));
}

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, text]) => `"${key}":${text}`).join()}}`;
}

/** What may stand in any field's place, right there or wrong, and what JSON does not know. */
const STRANGE_VALUES = [
  ['null', 'true', 'false', '0', '-0', '00', '-', '1.0', '1e2', '1E-2', '1.', '.5', '1e', '0x1', 'NaN'],
  ['9007199254740991', '9007199254740993', '-9007199254740992', '12345678901234567890', '4294967296'],
  ['""', '"x"', '"\\u0061"', '"\\u00e9"', '"\\ud83d"', '"\\uD83D\\uDE00"', '"\\/"', '"\\x"', '"\\u12"'],
  ['"a\nb"', '"a\tb"', '"\\n"', '"é"', '"\u2028"', '"\\', '"', '{}', '[]', '[[]]', '{"a":[1,{"b":null}]}'],
  ['{"a":1,"a":2}', '{"":0}', '{a:1}', '{"a":1,}', '[1,]', '[,]', '{,}', ' 1', '1 ', '[ ]', '{ }', '\t0'],
  ['"complete\\u0064"', '["tool_call_message","x"]', '["tool\\u005fcall_message"]', '[1]', 'nulll', 'tru'],
  ['"2025-01-01T00:00:00Z"', '"2025-01-01T00:00:00.123456Z"', '"2025-01-01T00:00:00.1Z"', '"2025-01-01"'],
  ['"2025-02-29T00:00:00Z"', '"2025-13-01T00:00:00Z"', '"2025-01-01T24:00:00Z"', '"2025-01-01T00:60:00"'],
  ['"2025-01-01T00:00:00."', '"2025-01-01T0:00:00Z"', '1 2', '"a" "b"', '"a":1', '[1 2]', '{"a" 1}', '\f1'],
  [`"${'x'.repeat(200)}"`, `${'['.repeat(70)}${']'.repeat(70)}`],
];
const STRANGE = oneOf(...STRANGE_VALUES.flat());

/** Lists with fields missing, in any order, twice, unknown, or with another value. */
export const strangeLists: fc.Arbitrary<Buffer> = fc
  .array(
    fc
      .tuple(
        fc.record(RUN),
        fc.shuffledSubarray(Object.keys(RUN), { minLength: Object.keys(RUN).length - 2 }),
        fc.array(fc.tuple(oneOf(...Object.keys({ ...RUN, ...CONFIG }), 'new', 'é', 'i\\u0064'), STRANGE), {
          maxLength: 2,
        }),
        fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, oddRow),
        fc.boolean(),
      )
      .map(([texts, keys, changes, odd, isInPlace]) => {
        const row: Row = { ...texts, ...odd, ...(isInPlace && Object.fromEntries(changes)) };
        const members = keys.map((key) => [key, row[key] ?? 'null'] as const);
        return objectOf(isInPlace ? members : [...members, ...changes]);
      }),
    { maxLength: 4 },
  )
  .map((rows) => Buffer.from(`[${rows.join()}]`));

/** Lists with some bytes changed, added or left out. */
export const brokenLists: fc.Arbitrary<Buffer> = fc
  .tuple(
    rightLists.filter((text) => text.length > 2),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(2),
        fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\,:[]{}0-.eEu \n\0'))),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([text, changes]) => {
    let bytes = text;
    for (const [place, removed, added] of changes) {
      const at = place % bytes.length;
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([added]), bytes.subarray(at + removed)]);
    }
    return bytes;
  });
