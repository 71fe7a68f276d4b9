import * as fc from 'fast-check';
import { CONFIG_FIELDS, RUN_FIELDS } from '../support/run-fields.ts';
import { CONFIG, oneOf, RUN, second, type Texts } from './random-texts.ts';

/** A list of runs that is right, in any spelling. */
export interface SpelledList {
  readonly text: Buffer;
  /** Whether the order shows without decoding what tells it. */
  readonly isOrdered: boolean;
}

/** Texts of values by keys. */
type Row = Readonly<Record<string, string>>;

const turns = oneOf('2024-02-29', '2023-02-28', '2025-12-31', '2025-01-01', '2025-03-01', '2000-02-29');
const instants = fc
  .tuple(
    fc.oneof(
      second,
      fc.tuple(turns, oneOf('T00:00:00', 'T23:59:59', 'T12:30:01')).map((parts) => parts.join('')),
    ),
    fc.oneof(
      oneOf('', '.000', '.123', '.000000', '.000000000'),
      fc.stringMatching(/^\.[0-9]{1,9}$/),
      fc.stringMatching(/^\.[0-9]{6}$/),
    ),
    oneOf('Z', 'Z', '', '+00:00', '-00:00', '+02:00', '-03:30', '+14:00', '-12:00', '+23:59', '-23:59'),
  )
  .map((parts) => `"${parts.join('')}"`);

/** What has to be decoded, as the scanner can't copy it. */
const oddInstants = oneOf(
  '"2025-01-01t00:00:00Z"',
  '"2025-01-01 00:00:00.5"',
  '"2025-01-01T00:00:00.1234z"',
  '"2025-02-29T00:00:00Z"',
  '"2025-01-01T24:00:00+01:00"',
  '"0000-01-01T00:00:00+00:01"',
  '"9999-12-31T23:59:59.5-00:01"',
  '"2025-01-01T00:00:00.12345678901Z"',
  String.raw`"2025-01-01T00:00:0\u0030Z"`,
);
const oddEnums = oneOf(
  '"é"',
  '"max steps"',
  String.raw`"complete\u0064"`,
  String.raw`"a\"b"`,
  String.raw`"\ud83d"`,
);
const oddNumbers = oneOf('-0', '1e2', '200.0', '2E+2', '1e-0', '2147483647', '-2147483648', '0e9', '0');
const oddRow: fc.Arbitrary<Row> = some({
  id: oneOf(String.raw`"\u0072un-1"`, String.raw`"run\u002d12"`),
  created_at: oddInstants,
  completed_at: oddInstants,
  status: oddEnums,
  stop_reason: oddEnums,
  callback_status_code: oddNumbers,
  ttft_ns: fc.oneof(oddNumbers, oneOf('9007199254740991', '-1e15')),
});
const oddConfig = some({ ...CONFIG, include_return_message_types: oddEnums.map((text) => `[${text}]`) });

const rightRow: fc.Arbitrary<Row> = fc.record({
  ...RUN,
  created_at: instants,
  completed_at: fc.oneof(instants, oneOf('null')),
  callback_sent_at: fc.oneof(instants, oneOf('null')),
});

const unknownMember = fc.tuple(
  // The last two are known in another object.
  oneOf('new', 'ttft', '', 'total_duration_ms', 'é', 'x'.repeat(40), 'use_assistant_message', 'status'),
  oneOf('null', '-1.5e3', String.raw`"\u0022]}"`, '{}', '[]', '{"a":[{"b":null},["c",0]]}', 'true'),
);

/** How the objects of a list are spelled. */
const style = fc.record({
  /** The order of keys: that of the table, or another one that is the same for all rows, or for none. */
  order: fc.constantFrom('table', 'list', 'row'),
  seed: fc.nat(1000),
  missing: fc.oneof(
    fc.constant<string[]>([]),
    fc.subarray(Object.keys(RUN_FIELDS).filter((key) => !['id', 'agent_id', 'created_at'].includes(key))),
  ),
  unknown: fc.array(unknownMember, { maxLength: 3 }),
  space: oneOf('', '', ' ', '\n', '\r\n\t', ' '.repeat(40)),
  spacedTokens: fc.constantFrom(/^[:,]/, /^[{,]/, /./),
});
type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never;

/** Lists in which every value is copied, or decoded alone. */
export const spelledLists: fc.Arbitrary<SpelledList> = fc
  .tuple(
    style,
    fc.array(fc.tuple(rightRow, fc.oneof(fc.constant({}), oddRow), fc.option(oddConfig)), { maxLength: 5 }),
  )
  .map(([how, rows]) => {
    const texts = rows.map(([row, odd, config], index) =>
      objectOf(
        { ...row, ...odd, ...(config && { request_config: objectOf(config, how, index) }) },
        how,
        index,
      ),
    );
    return {
      text: Buffer.from(spaced(`[${texts.join()}]`, how)),
      isOrdered: rows.every(([, odd]) => !('id' in odd || 'created_at' in odd)),
    };
  });

function some(texts: Readonly<Record<string, Texts>>): fc.Arbitrary<Row> {
  return fc
    .tuple(fc.record(texts), fc.subarray(Object.keys(texts)))
    .map(([row, keys]) => Object.fromEntries(keys.map((key) => [key, row[key] ?? 'null'])));
}

function objectOf(values: Row, { order, seed, missing, unknown }: Style, index: number): string {
  const known = 'id' in values ? RUN_FIELDS : CONFIG_FIELDS;
  const others = unknown.filter(([key]) => !(key in known));
  const members = [...Object.entries(values), ...others].filter(([key]) => !missing.includes(key));
  const start = order === 'row' ? index : 0;
  const rank = ([key]: readonly [string, string]): number =>
    Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte + seed) % 1009, start);
  const ordered = order === 'table' ? members : members.toSorted((a, b) => rank(a) - rank(b));
  return `{${ordered.map(([key, text]) => `"${key}":${text}`).join()}}`;
}

/** Puts white space behind some of the tokens. */
function spaced(text: string, { space, spacedTokens }: Style): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^"[\]{},:]+/gs) ?? [];
  return tokens.map((token) => (spacedTokens.test(token) ? token + space : token)).join('');
}
