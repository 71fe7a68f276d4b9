import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { expectedRun, RUN_SELECTIONS } from '../support/expected-run.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';
import { FILTER_ARGUMENTS, FILTER_VARIABLES, randomFilters, wireFilters } from '../support/run-filters.ts';
import { matches, sortRuns } from '../support/run-list.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { casesOver, CLOUD, keyFor, SELF_HOSTED } from '../support/upstream-variants.ts';

const EXACT_PAGE = `query (
  $first: Int, $after: String, $last: Int, $before: String, $order: SortOrder, ${FILTER_VARIABLES}
) {
  runs(
    first: $first, after: $after, last: $last, before: $before, order: $order, ${FILTER_ARGUMENTS}
  ) {
    edges { cursor node { ${RUN_SELECTIONS.join(' ')} } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface ExactPage {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  };
}

async function askPage(gateway: Gateway, variables: object): Promise<ExactPage['runs']> {
  const { data, errors } = await execute<ExactPage, object>(gateway, EXACT_PAGE, variables);
  if (data === undefined || errors !== undefined) throw new Error(`Unexpected: ${JSON.stringify(errors)}`);
  return data.runs;
}

function pageSize(count: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 8 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: Math.min(count + 2, 1000) }) },
    { weight: 1, arbitrary: fc.constantFrom(999, 1000) },
  );
}

/**
 * How many runs there are, and how many random pages of them are usually compared in each dialect. A fresh
 * gateway for each page knows nothing yet of its upstream's dialect.
 */
const DATA_SETS = [
  { count: 0, cases: 5, fresh: true },
  { count: 1, cases: 10, fresh: true },
  { count: 2, cases: 30, fresh: true },
  { count: 3, cases: 30, fresh: true },
  { count: 5, cases: 30, fresh: true },
  { count: 3, cases: 20, fresh: false },
  { count: 12, cases: 40, fresh: false },
  { count: 60, cases: 40, fresh: false },
  { count: 1000, cases: 10, fresh: false },
  { count: 1003, cases: 10, fresh: false },
];

describe.each([
  ...[...SELF_HOSTED, ...CLOUD].map((upstream) => ({ ...upstream, rowCopying: true })),
  { ...SELF_HOSTED[0], rowCopying: false },
])('Over $variant (row copying: $rowCopying)', ({ rowCopying, ...upstream }) => {
  it.each(DATA_SETS)(
    'random pages of $count runs (fresh gateway each: $fresh) are what the Relay specification says',
    async ({ count, cases, fresh }) => {
      const oldestFirst = sortRuns(randomRuns(count, count + 7), 'asc');
      const newestFirst = oldestFirst.toReversed();
      await using test = await startTestGateway({ runs: oldestFirst, ...upstream, config: { rowCopying } });
      const everything = await askPage(test.gateway, { first: 1000, order: 'ASC' });
      const rest = await askPage(test.gateway, { last: count % 1000, order: 'ASC' });
      const edges = [...everything.edges, ...(count > 1000 ? rest.edges : [])];
      const cursorOf = new Map(edges.map((edge) => [edge.node.id, edge.cursor]));
      expect(cursorOf.size).toBe(count);

      const place = fc.record({ index: fc.nat(Math.max(count - 1, 0)), plain: fc.boolean() });
      const cursor = count === 0 ? fc.constant(undefined) : fc.option(place, { nil: undefined, freq: 2 });
      const pageCase = fc.record({
        filters: randomFilters,
        order: fc.constantFrom('ASC', 'DESC', undefined),
        size: fc.option(fc.record({ which: fc.constantFrom('first', 'last'), n: pageSize(count) }), {
          nil: undefined,
        }),
        after: cursor,
        before: cursor,
      });
      await fc.assert(
        fc.asyncProperty(pageCase, async ({ filters, order, size, after, before }) => {
          const list = order === 'ASC' ? oldestFirst : newestFirst;
          const rowAt = (at: typeof after) => (at === undefined ? undefined : oldestFirst[at.index]);
          const textOf = (at: typeof after) => {
            const id = rowAt(at)?.id;
            return at?.plain || id === undefined ? id : cursorOf.get(id);
          };
          const sizes = size === undefined ? {} : { [size.which]: size.n };
          const expected = relayPage(list, (run) => matches(run, wireFilters(filters)), {
            ...(size === undefined ? { first: 100 } : sizes),
            after: rowAt(after),
            before: rowAt(before),
          });
          await using own = fresh
            ? await createGateway({ upstreamUrl: test.gateway.upstreamUrl, ...keyFor(upstream), rowCopying })
            : null;
          const page = await askPage(own ?? test.gateway, {
            ...filters,
            ...sizes,
            order,
            after: textOf(after),
            before: textOf(before),
          });
          const expectedEdges = expected.rows.map((run) => ({
            cursor: cursorOf.get(run.id),
            node: expectedRun(run),
          }));
          expect(page).toEqual({
            edges: expectedEdges,
            nodes: expected.rows.map(({ id }) => ({ id })),
            pageInfo: {
              hasNextPage: expected.hasNextPage,
              hasPreviousPage: expected.hasPreviousPage,
              startCursor: expectedEdges[0]?.cursor ?? null,
              endCursor: expectedEdges.at(-1)?.cursor ?? null,
            },
          });
        }),
        { numRuns: propertyRuns(casesOver(upstream, cases)) },
      );
    },
  );
});

it('These tests run in a time zone that is not UTC', () => {
  expect(new Date(2025, 0, 1).getTimezoneOffset()).not.toBe(0);
});
