import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { AGENT_IDS, type RandomRun, randomRuns } from '../support/random-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';
import { FILTER_ARGUMENTS, FILTER_VARIABLES, randomFilters, wireFilters } from '../support/run-filters.ts';
import { matches, sortRuns } from '../support/run-list.ts';
import {
  areConsistent,
  BOUND_ARGUMENTS,
  BOUND_VARIABLES,
  isWithin,
  randomWindows,
  type Window,
} from '../support/run-windows.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { casesOver, CLOUD } from '../support/upstream-variants.ts';
import { INTERNAL_ROUTES, startWindowedUpstream } from '../support/windowed-upstream.ts';

const PAGE = `query (
  $first: Int, $after: String, $last: Int, $before: String, $order: SortOrder, ${FILTER_VARIABLES}, ${BOUND_VARIABLES}
) {
  runs(
    first: $first, after: $after, last: $last, before: $before, order: $order, ${FILTER_ARGUMENTS}, ${BOUND_ARGUMENTS}
  ) {
    nodes { id }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface WindowPage {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly edges: readonly { readonly cursor: string }[];
    readonly pageInfo: object;
  } | null;
}

const ask = (gateway: Gateway, variables: object) => execute<WindowPage, object>(gateway, PAGE, variables);

async function askPage(gateway: Gateway, variables: object): Promise<NonNullable<WindowPage['runs']>> {
  const { data, errors } = await ask(gateway, variables);
  if (data?.runs == null) throw new Error(`Unexpected: ${JSON.stringify(errors)}`);
  return data.runs;
}

/** Cases of random pages: how many runs, and where cursors stand. */
function pageCases(runs: readonly RandomRun[]) {
  const place = fc.record({ index: fc.nat(runs.length - 1), plain: fc.boolean() });
  const cases = fc.record({
    window: randomWindows(runs),
    filters: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: randomFilters }),
    order: fc.constantFrom('ASC', 'DESC', undefined),
    size: fc.record({
      which: fc.constantFrom('first', 'last'),
      n: fc.oneof(fc.nat(8), fc.nat(1000), fc.constantFrom(999, 1000)),
    }),
    after: fc.option(place, { nil: undefined, freq: 1 }),
    before: fc.option(place, { nil: undefined, freq: 1 }),
  });
  return cases.filter(areConsistent);
}

/** Compares random windows of the runs behind a gateway with the Relay specification. */
async function expectExactWindows(
  gateway: Gateway,
  oldestFirst: readonly RandomRun[],
  cases: number,
): Promise<void> {
  const newestFirst = oldestFirst.toReversed();
  const cursorOf = new Map<string, string>();
  for (const half of [{ first: 1000 }, { last: 1000 }]) {
    const { nodes, edges } = await askPage(gateway, half);
    nodes.forEach(({ id }, index) => cursorOf.set(id, edges[index]?.cursor ?? ''));
  }
  await fc.assert(
    fc.asyncProperty(pageCases(oldestFirst), async ({ window, filters, order, size, after, before }) => {
      const rowAt = (at: typeof after) => (at === undefined ? undefined : oldestFirst[at.index]);
      const textOf = (at: typeof after) => {
        const id = rowAt(at)?.id;
        return at?.plain === true || id === undefined ? id : cursorOf.get(id);
      };
      const list = order === 'ASC' ? oldestFirst : newestFirst;
      const isWanted = (run: RandomRun) => matches(run, wireFilters(filters)) && isWithin(run, window);
      const expected = relayPage(list, isWanted, {
        [size.which]: size.n,
        after: rowAt(after),
        before: rowAt(before),
      });
      const page = await askPage(gateway, {
        ...filters,
        ...window,
        order,
        [size.which]: size.n,
        after: textOf(after),
        before: textOf(before),
      });
      const { rows, ...flags } = expected;
      const cursors = rows.map(({ id }) => cursorOf.get(id));
      expect(page).toEqual({
        nodes: rows.map(({ id }) => ({ id })),
        edges: cursors.map((cursor) => ({ cursor })),
        pageInfo: { ...flags, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null },
      });
    }),
    { numRuns: propertyRuns(cases) },
  );
}

describe.each(INTERNAL_ROUTES)('With an internal list that is %s', (internal) => {
  it.each([
    { dialect: 'reversed', count: 60, rowCopying: true, cases: 40 },
    { dialect: 'reversed', count: 1500, rowCopying: false, cases: 12 },
    { dialect: 'documented', count: 60, rowCopying: true, cases: 20 },
  ] as const)(
    'random windows of $count runs are what the Relay specification says (dialect: $dialect)',
    async ({ dialect, count, rowCopying, cases }) => {
      const runs = sortRuns(randomRuns(count, count + 3), 'asc');
      await using upstream = await startWindowedUpstream(runs, { internal, dialect });
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying });
      await expectExactWindows(gateway, runs, cases);
    },
  );
});

describe.each(CLOUD)('Over $variant', (upstream) => {
  it.each([
    { count: 60, cases: 40 },
    { count: 1500, cases: 12 },
  ])('random windows of $count runs are what the Relay specification says', async ({ count, cases }) => {
    const runs = sortRuns(randomRuns(count, count + 3), 'asc');
    await using test = await startTestGateway({ runs, ...upstream });
    await expectExactWindows(test.gateway, runs, casesOver(upstream, cases));
  });
});

it.each(['honest', 'missing'] as const)(
  'Windows of many agents at once are those of each alone (internal list: %s)',
  async (internal) => {
    const runs = sortRuns(randomRuns(400, 8), 'desc');
    await using upstream = await startWindowedUpstream(runs, { internal });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const text = `query ($agents: [_Any!]!, $first: Int, ${BOUND_VARIABLES}) {
      _entities(representations: $agents) { ... on Agent {
        runs(first: $first, ${BOUND_ARGUMENTS}) { nodes { id } totalCount { value precision } pageInfo { hasNextPage } }
      } }
    }`;
    const agents = AGENT_IDS.map((id) => ({ __typename: 'Agent', id }));
    await fc.assert(
      fc.asyncProperty(randomWindows(runs), fc.integer({ min: 1, max: 9 }), async (window, first) => {
        const { data } = await execute<{ _entities: object[] }, object>(gateway, text, {
          agents,
          first,
          ...window,
        });
        expect(data?._entities).toEqual(
          AGENT_IDS.map((id) => {
            const own = runs.filter((run) => run.agent_id === id && isWithin(run, window));
            return {
              runs: {
                nodes: own.slice(0, first).map((run) => ({ id: run.id })),
                totalCount: { value: own.length, precision: 'EXACT' },
                pageInfo: { hasNextPage: own.length > first },
              },
            };
          }),
        );
      }),
      { numRuns: propertyRuns(40) },
    );
  },
);

/** Runs a minute apart, of which every `nth` takes long. */
function steadyRuns(count: number, nth: number): RandomRun[] {
  const models = randomRuns(10, 1);
  return Array.from({ length: count }, (_, index) => ({
    ...models[index % 10]!,
    id: `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    created_at: minute(index),
    run_ns: index % nth === 0 ? 1_000_000 : 1,
  }));
}

const minute = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', '.000000Z');

describe('25,000 runs, with a budget of 5,000 rows', () => {
  const COUNT = 25_000;
  const runs = steadyRuns(COUNT, 6000);
  const middle: Window = { createdAfter: minute(12_000), createdBefore: minute(12_010) };

  it.each(['missing', 'ignores dates', 'failing'] as const)(
    'a window too far from either end ends with a cursor, and going on there leads to it (internal list: %s)',
    async (internal) => {
      await using upstream = await startWindowedUpstream(runs, { internal });
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      let after: unknown;
      const codes: unknown[] = [];
      for (;;) {
        const { data, errors } = await ask(gateway, { ...middle, first: 20, after });
        if (data?.runs != null) {
          const ids = data.runs.nodes.map(({ id }) => Number(id.slice(4, 12)));
          expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => 12_009 - index));
          break;
        }
        const { code, cursor, found, argument } = errors?.[0]?.extensions ?? {};
        codes.push(code);
        expect({ found, argument, isNew: cursor !== after }).toEqual({
          found: 0,
          argument: 'after',
          isNew: true,
        });
        after = cursor;
      }
      expect(codes.length).toBeGreaterThan(1);
      expect(new Set(codes)).toEqual(new Set(['SCAN_BUDGET_EXCEEDED']));
    },
  );

  it('a window is read at once where the internal list tells where it begins', async () => {
    await using upstream = await startWindowedUpstream(runs);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const page = await askPage(gateway, { ...middle, first: 20 });
    expect(page.nodes).toHaveLength(10);
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  it('runs that are too far apart are counted in the error, and none is lost by going on as it says', async () => {
    await using upstream = await startWindowedUpstream(runs);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const text = `query ($first: Int, $after: String) {
      runs(first: $first, after: $after, minDurationNs: 1000000) { nodes { id } pageInfo { endCursor } }
    }`;
    const seen: string[] = [];
    let variables: { first: number; after?: unknown } = { first: 3 };
    for (let request = 0; request < 30; request++) {
      const { data, errors } = await execute<
        { runs: { nodes: { id: string }[]; pageInfo: { endCursor: string } } | null },
        object
      >(gateway, text, variables);
      if (data?.runs != null) {
        seen.push(...data.runs.nodes.map(({ id }) => id.slice(4, 12)));
        if (data.runs.nodes.length < variables.first) break;
        variables = { first: 3, after: data.runs.pageInfo.endCursor };
      } else {
        const { code, cursor, found } = errors?.[0]?.extensions ?? {};
        expect(code).toBe('SCAN_BUDGET_EXCEEDED');
        variables = { first: found === 0 ? 3 : Number(found), after: cursor };
      }
    }
    expect(seen).toEqual(['00024000', '00018000', '00012000', '00006000', '00000000']);
  });

  it('a flag that would take more rows is an error, and its page is served without it', async () => {
    await using upstream = await startWindowedUpstream(runs);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const page = (flags: string): string =>
      `{ runs(last: 1, minDurationNs: 1000000) { nodes { id } ${flags} } }`;
    const withFlag = await execute<WindowPage, never>(gateway, page('pageInfo { hasPreviousPage }'));
    expect(withFlag.errors?.[0]?.extensions).toMatchObject({
      code: 'SCAN_BUDGET_EXCEEDED',
      found: 1,
      argument: 'before',
    });
    const { data } = await execute<WindowPage, never>(gateway, page(''));
    expect(data?.runs?.nodes).toHaveLength(1);
  });
});
