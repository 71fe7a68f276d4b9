import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { cursorsBetween } from '../../support/run-list.ts';
import { type Given, ORDERS, tooFew } from '../observe.ts';
import { databaseError, has, invalid, lacks } from '../releases.ts';
import { idsOf, pathOf, type Query } from '../target.ts';

const ODD_DATES = 'dates as numbers, and those that are in no calendar';

/** Values that are refused, some only since a release. */
const REFUSED: readonly (readonly [name: string, value: string, type: string, since?: string])[] = [
  ['limit', '0', 'greater_than_equal', 'a limit from 1'],
  ['limit', '1001', 'less_than_equal', 'a limit up to 1000'],
  ['order_by', 'run_ns', 'literal_error'],
  ['stop_reason', 'bogus', 'enum'],
  ['background', '', 'bool_parsing'],
  ['start_date', '', 'datetime_from_date_parsing'],
  ['start_date', '2026-01-01T05:00:00 02:00', 'datetime_from_date_parsing'],
  ['start_date', '2026-02-30', 'datetime_from_date_parsing', ODD_DATES],
  ['end_date', '2026-01-01T24:00:00', 'datetime_from_date_parsing', ODD_DATES],
  ['end_date', '0000-01-01', 'datetime_parsing', ODD_DATES],
];

const MATCHING_NOTHING: readonly Query[] = [
  { conversation_id: '' },
  { start_date: '2999-01-01' },
  { end_date: '1970-01-01T00:00:00.5Z' },
];

const CHANGING_NOTHING: readonly Query[] = [
  { agent_id: '', nonsense: 'x' },
  { start_date: '1970-01-01' },
  { end_date: '2999-01-01T00:00:00+05:00' },
];

export function describeInternalRuns(given: Given): void {
  const path = (query: Query) => pathOf('/v1/_internal_runs/', query);
  const ask = (query: Query) => given().client.ask(path(query));
  const list = (query: Query) => given().client.list<WireRun>(path(query));

  /** Old releases don't know all parameters, and take no notice of those. */
  const isIgnored = (query: Query): boolean =>
    Object.keys(query).some((name) => !has(given(), `internal?${name}`));
  const everything = () => ({ status: 200, body: given().heads.desc.rows.slice(0, 100) });

  describe('the internal list of runs', () => {
    let isMissing: Promise<boolean> | undefined;
    beforeEach(async (context) => {
      isMissing ??= ask({ limit: 1 }).then(({ status }) => status === 404);
      context.skip(await isMissing, 'this server has no such list');
    });

    test.for(REFUSED)('%s=%s is a 422 of type %s', async ([name, value, type, since], context) => {
      context.skip(...lacks(given(), since));
      const answer = await ask({ [name]: value });
      if (isIgnored({ [name]: value })) return expect(answer).toEqual(everything());
      expect(answer).toEqual(invalid(`('query', '${name}')`));
      expect(JSON.stringify(answer.body)).toContain(`{'type': '${type}'`);
    });

    test('a date that PostgreSQL refuses is a 500', async (context) => {
      context.skip(...lacks(given(), ODD_DATES));
      const query = { start_date: '9999-12-31T23:59:59-01:00' };
      expect(await ask(query)).toEqual(isIgnored(query) ? everything() : databaseError(given()));
    });

    test.each(MATCHING_NOTHING)('%o matches nothing', async (query) => {
      expect(await ask(query)).toEqual(isIgnored(query) ? everything() : { status: 200, body: [] });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(ORDERS)('it begins as the other list does (%s)', async (order) => {
        expect(await list({ order, limit: 100 })).toEqual(given().heads[order].rows.slice(0, 100));
      });

      test.each(CHANGING_NOTHING)('%o changes nothing', async (query) => {
        const rows = await list({ ...query, limit: 5 });
        expect(idsOf(rows)).toEqual(idsOf(given().heads.desc.rows.slice(0, 5)));
      });

      test.each(ORDERS)('a cursor means what it means in the other list (%s)', async (order) => {
        const { heads, dialect } = given();
        const ids = idsOf(heads[order].rows);
        const ask3 = async (ends: Parameters<typeof cursorsBetween>[1]) =>
          idsOf(await list({ ...cursorsBetween(dialect, ends), order, limit: 3 }));
        expect(await ask3({ following: ids[0] })).toEqual(ids.slice(1, 4));
        expect(await ask3({ preceding: ids[2] })).toEqual(ids.slice(0, 2));
      });

      test('dates are inclusive at both ends, to the microsecond, in any zone', async (context) => {
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
        const shifted = new Date(Date.parse(newest) + 2 * 3_600_000).toISOString().slice(0, 19);
        const inZone = `${shifted}${newest.slice(19).replace('Z', '+02:00')}`;
        expect(idsOf(await between(oldest, inZone))).toEqual(idsOf(expected));
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
