import * as fc from 'fast-check';
import type { Change, Filter, Knowledge, Row, Server } from './fake-list.ts';

export const OWNERS = ['ann', 'bob', 'cyd', 'dan'] as const;
export const COLORS = ['red', 'blue'] as const;

/** The instant so many microseconds into a day. */
export function instantAt(micros: number): string {
  return `2025-01-01T00:00:00.${String(micros).padStart(6, '0')}`;
}

/** Rows at the same microsecond, at the next one, or later. */
const GAPS = [0, 0, 0, 1, 1, 7] as const;
const PREFIXES = ['row-a', 'row-b', 'job-a', 'row-c'] as const;

function pick<Value>(values: readonly [Value, ...Value[]], number: number): Value {
  return values[number % values.length] ?? values[0];
}

/** One number holds all that distinguishes a row, which is cheap to draw. */
function rowOf(number: number, micros: number, name: string): Row {
  return {
    id: `${pick(PREFIXES, number >> 2)}${name}`,
    key: instantAt(micros),
    owner: pick(OWNERS, number >> 4),
    color: pick(COLORS, number >> 6),
  };
}

/** Rows of which many share an instant, and many are a microsecond apart; ids say nothing about their order. */
export function rowLists(maxLength = 40): fc.Arbitrary<readonly Row[]> {
  return fc.array(fc.nat(6 * 128 - 1), { maxLength, size: 'max' }).map((numbers) => {
    let micros = 100;
    return numbers.map((number, index) => {
      micros += pick(GAPS, number % 6);
      return rowOf(Math.floor(number / 6), micros, String((index * 37) % 1009));
    });
  });
}

export const servers: fc.Arbitrary<Server> = fc
  .record({
    dialect: fc.constantFrom('reversed' as const, 'documented' as const),
    known: fc.nat(4),
    maxLimit: fc.oneof({ weight: 2, arbitrary: fc.constant(1000) }, fc.integer({ min: 1, max: 8 })),
    refusesGone: fc.boolean(),
    isSorted: fc.boolean(),
  })
  .map(({ known, ...script }) => {
    const { dialect } = script;
    const other = dialect === 'reversed' ? 'documented' : 'reversed';
    const proven = { proven: dialect, provenAgo: 59_999 };
    const longAgo = ([dialect, other] as const).map((one) => ({ proven: one, provenAgo: 60_000 }));
    return { script, knowledge: pick<Knowledge>([{}, { forced: dialect }, proven, ...longAgo], known) };
  });

/** Also a server whose cursors leave out the other rows of their instant, and have one meaning. */
export const anyServers = fc.oneof(
  { weight: 2, arbitrary: servers },
  fc.constant<Server>({
    script: { dialect: 'documented', skipsTies: true },
    knowledge: { forced: 'documented' },
  }),
);

export const filters: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({ owner: fc.constantFrom(...OWNERS) }),
  fc.record({ colors: fc.constantFrom(['red'], ['blue']) }),
  fc.record({
    owners: fc.subarray([...OWNERS, 'eve', 'ann'], { minLength: 1 }),
    colors: fc.constantFrom(['red'], ['red', 'blue', 'green']),
  }),
);

/** A cursor: that of the row at an index, modulo how many there are. */
export interface CursorAt {
  readonly at: number;
  readonly asId: boolean;
}

/** Rows a microsecond apart, with the owners in turn. */
export function rowsUpTo(
  count: number,
  change: (index: number) => Partial<Row> = () => ({}),
): readonly Row[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `row-${100 + index}`,
    key: instantAt(100 + index),
    owner: pick(OWNERS, index),
    color: 'red',
    ...change(index),
  }));
}

export const cursors = (max: number) =>
  fc.option(fc.record({ at: fc.nat(max), asId: fc.boolean() }), { nil: undefined });

/** The arguments and the selection of a page. */
export const pages = fc.record({
  order: fc.constantFrom('asc' as const, 'desc' as const),
  size: fc.oneof(
    { weight: 4, arbitrary: fc.record({ first: fc.nat(12) }) },
    { weight: 4, arbitrary: fc.record({ last: fc.nat(12) }) },
    fc.constant({}),
  ),
  after: cursors(40),
  before: cursors(40),
  filter: filters,
  needs: fc.record({ rows: fc.boolean(), hasNextPage: fc.boolean(), hasPreviousPage: fc.boolean() }),
});
export type PageCase = typeof pages extends fc.Arbitrary<infer Value> ? Value : never;

/** What happens between the requests of a page. Rows that come are newer than most others, or of the same instant. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.oneof(
    fc.constant<Change>({ kind: 'stays' }),
    fc.nat(40).map((at): Change => ({ kind: 'vanishes', at })),
    fc
      .tuple(fc.nat(40), fc.constantFrom(...COLORS))
      .map(([at, color]): Change => ({ kind: 'changes', at, color })),
    fc
      .tuple(fc.nat(127), fc.integer({ min: 100, max: 300 }), fc.nat(1_000_000))
      .map(([number, micros, name]): Change => ({ kind: 'comes', row: rowOf(number, micros, `n${name}`) })),
  ),
  { maxLength: 12 },
);
