import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { cursorsBetween, type Order, sortRuns, type WireFilters } from '../../support/run-list.ts';
import { expectListed, FILTERS, filterLike } from '../filters.ts';
import { type Given, type Head, MAX_LIMIT, type Observed, ORDERS, tooFew } from '../observe.ts';
import { OBSERVING_TIMEOUT_MS } from '../run-details.ts';
import { idsOf } from '../target.ts';

/** How many random lists are compared in each order. */
const CASES = 120;

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
      'filters and cursors select what they do of one list, whatever is combined; a cursor of no run is ignored',
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

/** Where in a list cursors are always tried: at its ends, and at neighbours of equal time if there are any. */
function cursorsToTry({ rows }: Head): string[] {
  const tie = rows.findIndex((row, at) => row.created_at === rows[at + 1]?.created_at);
  const tied = tie < 0 ? [] : [rows[tie], rows[tie + 1]];
  const ids = [rows[0], rows.at(-1), ...tied].flatMap((row) => row?.id ?? []);
  return [...ids, 'run-ffffffff-ffff-4fff-bfff-ffffffffffff', 'nonsense', ''];
}

function randomQueries(observed: Observed, order: Order) {
  const { heads, dialect } = observed;
  const { rows } = heads[order];
  const filters: readonly WireFilters[] = FILTERS.flatMap(([, filtersFor]) => filtersFor(rows, observed));
  const [known, tried] = [fc.constantFrom(...idsOf(rows)), fc.constantFrom(...cursorsToTry(heads[order]))];
  const cursor = fc.option(fc.oneof(known, tried), { nil: undefined, freq: 2 });
  return fc
    .record({
      some: fc.array(fc.constantFrom(...filters), { maxLength: 3 }),
      // Filters that the run matches, so that their combination leaves something.
      like: fc.constantFrom(...rows).chain((row) => partOf(filterLike(row))),
      ends: fc.record({ following: cursor, preceding: cursor }),
      limit: fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
    })
    .map(({ some, like, ends, limit }) => ({
      filters: withoutContradictions(Object.assign({}, like, ...some)),
      ...cursorsBetween(dialect, ends),
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
