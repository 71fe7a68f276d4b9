import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { placed, relayPage } from '../../core/relay-model.ts';
import { execute } from '../../support/execute.ts';
import { type OpenGateway, openGateway, type OpenGatewayOptions } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { type RandomRun, randomRuns } from '../../support/random-runs.ts';
import {
  isSelected,
  randomSelecting,
  SELECTING_ARGUMENTS,
  SELECTING_NAMES,
  SELECTING_VARIABLES,
} from '../../support/run-arguments.ts';
import { sortRuns } from '../../support/run-list.ts';
import { CLOUD, SELF_HOSTED } from '../../support/upstream-variants.ts';

interface Listed {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  } | null;
}

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder,
  $next: Boolean = true, $previous: Boolean = true, $count: Boolean = false, ${SELECTING_VARIABLES}) {
  runs(first: $first, after: $after, last: $last, before: $before, order: $order, ${SELECTING_ARGUMENTS}) {
    edges { cursor node { id } }
    pageInfo {
      hasNextPage @include(if: $next) hasPreviousPage @include(if: $previous) startCursor endCursor
    }
    totalCount @include(if: $count) { value precision }
  }
}`;

/** A list of runs in memory, and the gateways over it. */
interface Served {
  readonly oldestFirst: readonly RandomRun[];
  readonly open: OpenGateway;
  readonly cursorOf: ReadonlyMap<string, string>;
}

async function serve(runs: readonly RandomRun[], options: OpenGatewayOptions): Promise<Served> {
  const oldestFirst = sortRuns(runs, 'asc');
  const open = await openGateway({ runs: oldestFirst, ...options });
  onTestFinished(() => open[Symbol.asyncDispose]());
  const cursors: (readonly [string, string])[] = [];
  for (const half of [{ first: 1000 }, { last: runs.length % 1000 }]) {
    const { data } = await open.execute<Listed>(PAGE, { ...half, order: 'ASC' });
    cursors.push(...(data?.runs?.edges.map(({ cursor, node }) => [node.id, cursor] as const) ?? []));
  }
  return { oldestFirst, open, cursorOf: new Map(cursors) };
}

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

function pagesOf({ oldestFirst }: Served) {
  const count = oldestFirst.length;
  const place = fc.record({ at: fc.nat(Math.max(0, count - 1)), asId: fc.boolean() });
  return fc.record({
    selecting: count === 0 ? fc.constant({}) : fc.oneof(fc.constant({}), randomSelecting(oldestFirst)),
    order: fc.constantFrom('ASC', 'DESC', undefined),
    size: optional(
      fc.record({
        way: fc.constantFrom('first', 'last'),
        n: fc.oneof(fc.nat(8), fc.nat(Math.min(count + 2, 1000)), fc.constantFrom(999, 1000)),
      }),
    ),
    after: count === 0 ? fc.constant(undefined) : optional(place),
    before: count === 0 ? fc.constant(undefined) : optional(place),
    flags: fc.record({ next: fc.boolean(), previous: fc.boolean(), count: fc.boolean() }),
    /** By a gateway that knows nothing yet of its upstream. */
    isFresh: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  });
}

async function expectRelayPages(all: readonly Served[], cases: number): Promise<void> {
  const drawn = fc
    .constantFrom(...all)
    .chain((served) => pagesOf(served).map((page) => ({ served, ...page })));
  await fc.assert(
    fc.asyncProperty(drawn, async ({ served, selecting, order, size, after, before, flags, isFresh }) => {
      const { oldestFirst, open, cursorOf } = served;
      const list = placed(oldestFirst);
      const rowAt = (place: typeof after) => (place === undefined ? undefined : list[place.at]);
      const textOf = (place: typeof after) => {
        const id = rowAt(place)?.row.id ?? '';
        return place && (place.asId ? id : cursorOf.get(id));
      };
      const sizes = size === undefined ? {} : { [size.way]: size.n };
      const selected = list.filter(({ row }) => isSelected(row, selecting));
      const expected = relayPage(selected, {
        order: order === 'ASC' ? 'asc' : 'desc',
        ...(size === undefined ? { first: 100 } : sizes),
        after: rowAt(after),
        before: rowAt(before),
      });
      await using own = isFresh ? await open.another() : null;
      const answer = await execute<Listed>(own ?? open.gateway, PAGE, {
        ...selecting,
        ...sizes,
        ...flags,
        order,
        after: textOf(after),
        before: textOf(before),
      });
      const edges = expected.rows.map(({ row: { id } }) => ({ cursor: cursorOf.get(id), node: { id } }));
      expect(answer).toEqual({
        data: {
          runs: {
            edges,
            pageInfo: {
              ...(flags.next && { hasNextPage: expected.hasNextPage }),
              ...(flags.previous && { hasPreviousPage: expected.hasPreviousPage }),
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
            },
            ...(flags.count && { totalCount: { value: selected.length, precision: 'EXACT' } }),
          },
        },
      });
    }),
    { numRuns: propertyRuns(cases) },
  );
}

describe.each([
  ...[...SELF_HOSTED, ...CLOUD].map((upstream) => ({ ...upstream, rowCopying: true })),
  { ...SELF_HOSTED[0], rowCopying: false },
])('Query.runs over $variant (rows copied: $rowCopying)', ({ rowCopying, ...upstream }) => {
  it.each([
    { counts: [0, 2, 60], cases: 30 },
    { counts: [1003], cases: 4 },
  ])(
    'has the pages of the Relay specification, by random arguments over $counts runs',
    async ({ counts, cases }) => {
      const options = { ...upstream, config: { rowCopying } };
      await expectRelayPages(
        await Promise.all(counts.map((count) => serve(randomRuns(count, count + 7), options))),
        cases,
      );
    },
  );
});

it('Every argument of runs is one of the page, or known to these tests', () => {
  const ofPages = ['first', 'last', 'after', 'before', 'order', 'orderBy', 'ascending'];
  const { runs } = schema.getQueryType()?.getFields() ?? {};
  const names = runs?.args.map(({ name }) => name) ?? [];
  const unknown = names.filter((name) => !ofPages.includes(name) && !SELECTING_NAMES.includes(name));
  expect(unknown.map((name) => `${name} is missing in test/support/run-arguments.ts`)).toEqual([]);
});

it.each([true, false])(
  'What is asked of a list in a fragment is not taken for what is asked of it elsewhere (rows copied: %s)',
  async (rowCopying) => {
    const { open } = await serve(randomRuns(3, 1), { config: { rowCopying } });
    const part = 'fragment Part on Query { runs(first: 1) { nodes { id } } }';
    const more = 'fragment More on Query { runs(first: 1) { pageInfo { hasNextPage } } }';
    const nodes = [{ id: expect.any(String) }];
    const ask = async (query: string) => (await open.execute(query)).data;
    for (let round = 0; round < 2; round++) {
      const alone = await ask(`{ other: __typename ...Part } ${part}`);
      const both = await ask(`{ other: __typename ...Part ...More } ${part} ${more}`);
      expect(alone).toEqual({ other: 'Query', runs: { nodes } });
      expect(both).toEqual({ other: 'Query', runs: { nodes, pageInfo: { hasNextPage: true } } });
    }
  },
);
