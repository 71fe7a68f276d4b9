import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { type Given, ORDERS, tooFew } from '../observe.ts';
import { lacks } from '../releases.ts';
import { idsOf, pathOf, type Query } from '../target.ts';

/** Queries that match nothing, and others that change nothing. */
const FAR: readonly (readonly [query: Query, isEmpty: boolean])[] = [
  [{ start_date: '2999-01-01' }, true],
  [{ end_date: '1970-01-01T00:00:00.5Z' }, true],
  [{ start_date: '1970-01-01' }, false],
  [{ end_date: '2999-01-01T00:00:00.000000Z' }, false],
];

export function describeInternalRuns(given: Given): void {
  const list = (query: Query) => given().client.list<WireRun>(pathOf('/v1/_internal_runs/', query));

  describe('the internal list of runs', () => {
    beforeEach((context) => context.skip(!given().hasInternalRuns, 'this server has no such list'));

    test.for(FAR)('of %o has nothing: %s, or everything', async ([query, isEmpty], context) => {
      for (const name of Object.keys(query)) context.skip(...lacks(given(), `internal?${name}`));
      expect(await list(query)).toEqual(isEmpty ? [] : given().heads.desc.rows.slice(0, 100));
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(ORDERS)('it begins as the other list does (%s)', async (order) => {
        expect(await list({ order, limit: 100 })).toEqual(given().heads[order].rows.slice(0, 100));
      });

      test('dates are inclusive at both ends, to the microsecond', async (context) => {
        context.skip(...lacks(given(), 'internal?start_date'));
        const { rows } = given().heads.desc;
        const [newest = '', oldest = ''] = [rows[1]?.created_at, rows[3]?.created_at];
        const expected = rows.filter(
          ({ created_at }) => micros(created_at) >= micros(oldest) && micros(created_at) <= micros(newest),
        );
        // Beyond the beginning of the list there may be runs of the same time.
        if (expected.length === rows.length) return;
        const between = (start_date: string, end_date: string) => list({ start_date, end_date, limit: 1000 });
        expect(idsOf(await between(oldest, newest))).toEqual(idsOf(expected));
        const previous = micros(newest) - 1n;
        const earlier = expected.filter(({ created_at }) => micros(created_at) <= previous);
        expect(idsOf(await between(oldest, instant(previous)))).toEqual(idsOf(earlier));
      });
    });
  });
}

/** Whole microseconds since the epoch. */
function micros(stamp: string): bigint {
  const fraction = /\.(\d{1,6})Z$/.exec(stamp)?.[1] ?? '';
  return BigInt(Date.parse(`${stamp.slice(0, 19)}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function instant(microseconds: bigint): string {
  const seconds = new Date(Number(microseconds / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(microseconds % 1_000_000n).padStart(6, '0')}Z`;
}
