import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { cursorsBetween, sortRuns, type WireFilters } from '../../support/run-list.ts';
import { expectListed, FILTERS, filterLike } from '../filters.ts';
import { type Given, type Head, MAX_LIMIT, type Observed, ORDERS, tooFew } from '../observe.ts';
import { OBSERVING_TIMEOUT_MS } from '../run-details.ts';
import { idsOf } from '../target.ts';

/** How many random lists are compared in each order. */
const CASES = 90;

export function describeLists(given: Given): void {
  test('a list of runs is a bare JSON array', async () => {
    const response = await given().client.get('/v1/runs/?limit=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(await response.json()).toEqual(given().heads.desc.rows.slice(0, 1));
  });

  describe.each(ORDERS)('lists of runs (%s)', (order) => {
    beforeEach((context) => context.skip(...tooFew(given())));

    test('rows are in strict order by created_at, then id', () => {
      const ids = idsOf(given().heads[order].rows);
      expect(ids).toEqual(idsOf(sortRuns(given().heads[order].rows, order)));
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('a limit is kept, and is 100 where there is none', async () => {
      const { client, heads } = given();
      for (const limit of [undefined, 1, 99, 101, MAX_LIMIT]) {
        expect(await client.runs({ order, limit })).toEqual(heads[order].rows.slice(0, limit ?? 100));
      }
    });

    test('the dialect of cursors is one of the two, and the one that is known', () => {
      const { target, dialect } = given();
      expect(dialect).toBe(target.dialect ?? dialect);
      expect(dialect).toBeDefined();
    });

    test(
      'one cursor keeps what follows a run, the other what precedes it, both what is between',
      async () => {
        const indices = [undefined, ...cursorIndices(given().heads[order])];
        for (const following of indices) {
          for (const preceding of indices) {
            const ends = cursorsAt(given(), order, following, preceding);
            for (const limit of [undefined, 2]) await expectListed(given(), { ...ends, order, limit });
          }
        }
      },
      OBSERVING_TIMEOUT_MS,
    );

    test.each(['run-ffffffff-ffff-4fff-bfff-ffffffffffff', 'nonsense', ''])(
      'the cursor %j, which no run has, is ignored',
      async (cursor) => {
        for (const query of [{ before: cursor }, { after: cursor }, { before: cursor, after: cursor }])
          await expectListed(given(), { ...query, order, limit: 5 });
      },
    );

    test(
      'filters and cursors select what they do of one list, whatever is combined',
      async () => {
        for (const query of fc.sample(randomQueries(given(), order), { numRuns: CASES, seed: 7 }))
          await expectListed(given(), { ...query, order });
      },
      OBSERVING_TIMEOUT_MS,
    );

    test.each(FILTERS)('%s keeps the runs that match', async (_, filtersFor) => {
      for (const filter of filtersFor(given().heads[order].rows, given()))
        await expectListed(given(), { filters: filter, order, limit: MAX_LIMIT });
    });
  });
}

function cursorsAt(
  { heads, dialect }: Observed,
  order: 'asc' | 'desc',
  following?: number,
  preceding?: number,
) {
  const idAt = (index?: number) => (index === undefined ? undefined : heads[order].rows[index]?.id);
  return cursorsBetween(dialect, { following: idAt(following), preceding: idAt(preceding) });
}

/** Where in a list cursors are tried; two neighbours of equal time if there are any. */
function cursorIndices({ rows }: Head): number[] {
  const end = rows.length - 1;
  const tie = rows.findIndex((row, at) => row.created_at === rows[at + 1]?.created_at);
  const wanted = [0, Math.floor(end / 2), end, ...(tie < 0 ? [] : [tie, tie + 1])];
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}

function randomQueries(observed: Observed, order: 'asc' | 'desc') {
  const { rows } = observed.heads[order];
  const filters: readonly WireFilters[] = FILTERS.flatMap(([, filtersFor]) => filtersFor(rows, observed));
  const index = fc.option(fc.nat(rows.length - 1), { nil: undefined });
  return fc
    .record({
      some: fc.array(fc.constantFrom(...filters), { maxLength: 3 }),
      // Filters that the run matches, so that their combination leaves something.
      like: fc.constantFrom(...rows).chain((row) => partOf(filterLike(row))),
      following: index,
      preceding: index,
      limit: fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
    })
    .map(({ some, like, following, preceding, limit }) => ({
      filters: withoutContradictions(Object.assign({}, like, ...some)),
      ...cursorsAt(observed, order, following, preceding),
      limit,
    }));
}

/** REST ignores one of two filters that contradict each other; the gateway never sends both. */
function withoutContradictions({ active, agent_ids, ...filters }: WireFilters): WireFilters {
  return {
    ...filters,
    ...(filters['statuses'] === undefined && { active }),
    ...(filters['agent_id'] === undefined && { agent_ids }),
  };
}

function partOf(filters: WireFilters): fc.Arbitrary<WireFilters> {
  return fc.subarray(Object.entries(filters)).map((some) => Object.fromEntries(some));
}
