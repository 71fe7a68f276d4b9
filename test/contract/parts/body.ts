import { beforeEach, describe, expect, test } from 'vitest';
import { sortRuns } from '../../support/run-list.ts';
import { type Given, MAX_LIMIT, ORDERS, tooFew } from '../observe.ts';
import { idsOf } from '../target.ts';
import { runProblems } from '../wire-shape.ts';

export function describeBody(given: Given): void {
  describe('the body of a list', () => {
    test('it is a bare JSON array', async () => {
      const response = await given().client.get('/v1/runs/?limit=1');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
      expect(await response.json()).toEqual(given().heads.desc.rows.slice(0, 1));
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(ORDERS)('every row has the keys of a run, and each its type (%s)', (order) => {
        const observed = given();
        const problems = observed.heads[order].rows.flatMap((row) =>
          runProblems(row, observed).map((problem) => `${row.id} ${problem}`),
        );
        expect(problems).toEqual([]);
      });

      test.each(ORDERS)('rows are in strict order by created_at, then id (%s)', (order) => {
        const ids = idsOf(given().heads[order].rows);
        expect(ids).toEqual(idsOf(sortRuns(given().heads[order].rows, order)));
        expect(new Set(ids).size).toBe(ids.length);
      });

      test('one order is the other backwards', (context) => {
        const { asc, desc } = given().heads;
        context.skip(!desc.complete, `there may be more runs than the ${MAX_LIMIT} of one request`);
        expect(asc.rows).toEqual(desc.rows.toReversed());
      });

      test.each([1, 2, 99, 101, MAX_LIMIT])('a limit of %i is kept', async (limit) => {
        const { client, heads } = given();
        expect(idsOf(await client.list({ limit }))).toEqual(idsOf(heads.desc.rows.slice(0, limit)));
      });

      test('without a limit and an order it is the newest 100', async () => {
        const { client, heads } = given();
        expect(idsOf(await client.list({}))).toEqual(idsOf(heads.desc.rows.slice(0, 100)));
      });
    });
  });
}
