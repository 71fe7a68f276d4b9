import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { cursorsBetween } from '../../support/run-list.ts';
import { usual } from '../filters.ts';
import { type Given, ORDERS, tooFew } from '../observe.ts';
import { databaseError, has, lacks } from '../releases.ts';
import { idsOf, type Query, queryText } from '../target.ts';

const PATH = '/v1/_internal_runs/';

const ODD_DATES = 'dates as numbers, and those that are in no calendar';

/** Parameters with a value that is refused, some only since a release. */
const REFUSED: readonly (readonly [name: string, value: string, type: string, since?: string])[] = [
  ['limit', '0', 'greater_than_equal', 'a limit from 1'],
  ['limit', '1001', 'less_than_equal', 'a limit up to 1000'],
  ['order', 'ASC', 'literal_error'],
  ['order_by', 'run_ns', 'literal_error'],
  ['stop_reason', 'bogus', 'enum'],
  ['background', '', 'bool_parsing'],
  ['step_count', '', 'int_parsing'],
  ['step_count', '1.5', 'int_parsing'],
  ['step_count_operator', 'gt', 'enum'],
  ['duration_value', 'long', 'int_parsing'],
  ['duration_operator', 'gte', 'literal_error'],
  ['duration_percentile', '', 'int_parsing'],
  ['start_date', '', 'datetime_from_date_parsing'],
  ['start_date', '2026-01-01T05:00:00 02:00', 'datetime_from_date_parsing'],
  ['start_date', '2026-02-30', 'datetime_from_date_parsing', ODD_DATES],
  ['end_date', '2026-01-01T24:00:00', 'datetime_from_date_parsing', ODD_DATES],
  ['end_date', '0000-01-01', 'datetime_parsing', ODD_DATES],
];

/** Answered by a 500, because PostgreSQL refuses them. */
const REFUSED_LATE: readonly Query[] = [
  { step_count: '2147483648' },
  { duration_value: '9223372036854775808', duration_operator: 'gt' },
  { duration_percentile: 101 },
  { duration_percentile: -1 },
  { start_date: '9999-12-31T23:59:59-01:00' },
  { project_id: '\0' },
];

const MATCHING_NOTHING: readonly Query[] = [
  { run_id: 'nonsense' },
  { run_id: 'run-ffffffff-ffff-4fff-bfff-ffffffffffff' },
  { project_id: 'nothing' },
  { template_family: 'nothing' },
  { tools_used: 'nothing' },
  { tools_used: '' },
  { conversation_id: '' },
  { start_date: '2999-01-01' },
  { end_date: '1970-01-01T00:00:00.5Z' },
  { step_count: -1 },
];

const CHANGING_NOTHING: readonly Query[] = [
  { run_id: '', project_id: '', template_family: '', agent_id: '' },
  { step_count_operator: 'gte' },
  { duration_operator: 'lt' },
  { duration_value: 5 },
  { start_date: '1970-01-01' },
  { end_date: '2999-01-01T00:00:00+05:00' },
  { start_date: '0' },
];

export function describeInternalRuns(given: Given): void {
  const ask = async (query: Query) => {
    const response = await given().client.get(`${PATH}?${queryText(query)}`);
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  const list = async (query: Query): Promise<WireRun[]> => {
    const { status, body } = await ask(query);
    if (status === 200 && Array.isArray(body)) return body;
    throw new Error(`expected runs for ${queryText(query)}, but got: ${status} ${JSON.stringify(body)}`);
  };

  /** Old releases don't know all parameters, and take no notice of those. */
  const isIgnored = (query: Query): boolean =>
    Object.keys(query).some((name) => !has(given(), `internal?${name}`));
  const expectEverything = async (query: Query): Promise<void> => {
    expect(await ask(query)).toEqual({ status: 200, body: given().heads.desc.rows.slice(0, 100) });
  };

  describe('the internal list of runs', () => {
    let isMissing: Promise<boolean> | undefined;
    beforeEach(async (context) => {
      isMissing ??= ask({ limit: 1 }).then(({ status }) => status === 404);
      context.skip(await isMissing, 'this server has no such list');
    });

    test.for(REFUSED)('%s=%s is a 422 of type %s', async ([name, value, type, since], context) => {
      context.skip(...lacks(given(), since));
      if (isIgnored({ [name]: value })) return expectEverything({ [name]: value });
      const { status, body } = await ask({ [name]: value });
      const detail = expect.stringContaining(`{'type': '${type}', 'loc': ('query', '${name}')`);
      expect({ status, body }).toEqual({ status: 422, body: { trace_id: expect.any(String), detail } });
    });

    test.for(REFUSED_LATE)('%o is a 500', async (query, context) => {
      context.skip(...lacks(given(), 'start_date' in query ? ODD_DATES : undefined));
      if (isIgnored(query)) return expectEverything(query);
      expect(await ask(query)).toEqual({ status: 500, body: { detail: databaseError(given()) } });
    });

    test.each(MATCHING_NOTHING)('%o matches nothing', async (query) => {
      if (isIgnored(query)) return expectEverything(query);
      expect(await ask(query)).toEqual({ status: 200, body: [] });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test.each(ORDERS)('it begins as the other list does (%s)', async (order) => {
        expect(await list({ order, limit: 100 })).toEqual(given().heads[order].rows.slice(0, 100));
      });

      test.for(CHANGING_NOTHING)('%o changes nothing', async (query, context) => {
        context.skip(...lacks(given(), query.start_date === '0' ? ODD_DATES : undefined));
        expect(idsOf(await list({ ...query, limit: 5 }))).toEqual(idsOf(given().heads.desc.rows.slice(0, 5)));
      });

      test.each(ORDERS)('a cursor means what it means in the other list (%s)', async (order) => {
        const { heads, dialect } = given();
        const { rows } = heads[order];
        const [first, third] = [rows[0]?.id, rows[2]?.id];
        const query = { order, limit: 3 };
        expect(idsOf(await list({ ...cursorsBetween(dialect, { following: first }), ...query }))).toEqual(
          idsOf(rows.slice(1, 4)),
        );
        expect(idsOf(await list({ ...cursorsBetween(dialect, { preceding: third }), ...query }))).toEqual(
          idsOf(rows.slice(0, 2)),
        );
      });

      test('a run_id selects one run, and of several the last', async (context) => {
        context.skip(...lacks(given(), 'internal?run_id'));
        const [one, other] = idsOf(given().heads.desc.rows);
        expect(idsOf(await list({ run_id: [one ?? '', other ?? ''] }))).toEqual([other]);
      });

      test('dates are inclusive at both ends, to the microsecond', async (context) => {
        context.skip(...lacks(given(), 'internal?start_date'));
        const { rows } = given().heads.desc;
        const [newest, oldest] = [rows[1]?.created_at, rows[3]?.created_at];
        const expected = rows.filter(
          ({ created_at }) => micros(created_at) >= micros(oldest) && micros(created_at) <= micros(newest),
        );
        // Beyond the beginning of the list there may be runs of the same time.
        if (expected.length === rows.length) return;
        expect(idsOf(await list({ start_date: oldest, end_date: newest, limit: 1000 }))).toEqual(
          idsOf(expected),
        );
      });

      test('durations are compared with what the list shows', async (context) => {
        context.skip(...lacks(given(), 'internal?duration_value'));
        const { rows, complete } = given().heads.desc;
        const durations = rows
          .flatMap(({ total_duration_ns: ns }) => (ns === null ? [] : [ns]))
          .toSorted(ascending);
        const middle = durations[Math.floor(durations.length / 2)];
        context.skip(middle === undefined, 'no run here was measured');
        const value = middle ?? 0;
        for (const [operator, holds] of [
          ['gt', (ns: number) => ns > value],
          ['lt', (ns: number) => ns < value],
          ['eq', (ns: number) => ns === value],
        ] as const) {
          const found = await list({ duration_value: value, duration_operator: operator, limit: 1000 });
          expect(found.every(({ total_duration_ns: ns }) => ns !== null && holds(ns))).toBe(true);
          // A run that was measured from outside only isn't compared.
          const possible = rows.filter(({ total_duration_ns: ns }) => ns !== null && holds(ns));
          if (complete) expect(idsOf(possible)).toEqual(expect.arrayContaining(idsOf(found)));
        }
      });

      test.for(ORDERS)(
        'by duration it has no cursors, and only runs that were measured (%s)',
        async (order, context) => {
          context.skip(...lacks(given(), 'internal?duration_value'));
          const query = { order_by: 'duration', order, limit: 50 };
          const found = await list(query);
          const durations = found.map(({ total_duration_ns: ns }) => ns ?? Number.NaN);
          expect(durations).toEqual(durations.toSorted(order === 'asc' ? ascending : (a, b) => b - a));
          const cursor = found[0]?.id;
          const again = await list({ ...query, before: cursor, after: cursor });
          expect(again.map(({ total_duration_ns: ns }) => ns)).toEqual(durations);
        },
      );

      test('a percentile keeps the slow ones, and the steps those with as many', async (context) => {
        context.skip(...lacks(given(), 'internal?duration_percentile'));
        const [agent_id] = usual(given().heads.desc.rows, 'agent_id');
        const all = await list({ agent_id, duration_percentile: 0, limit: 1000 });
        const half = await list({ agent_id, duration_percentile: 50, limit: 1000 });
        const durations = all.map(({ total_duration_ns: ns }) => ns ?? 0).toSorted(ascending);
        if (all.length < 1000) {
          const median = percentile(durations, 0.5);
          expect(idsOf(half)).toEqual(idsOf(all.filter(({ total_duration_ns: ns }) => (ns ?? 0) >= median)));
        }
        const few = await list({ agent_id, step_count: 1, step_count_operator: 'lte', limit: 1000 });
        const many = await list({ agent_id, step_count: 2, step_count_operator: 'gte', limit: 1000 });
        expect(idsOf(few).filter((id) => idsOf(many).includes(id))).toEqual([]);
      });
    });
  });
}

const ascending = (a: number, b: number): number => a - b;

/** Whole microseconds since the epoch. */
function micros(stamp = ''): bigint {
  const fraction = /\.(\d{1,6})Z$/.exec(stamp)?.[1] ?? '';
  return BigInt(Date.parse(`${stamp.slice(0, 19)}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** Interpolated between two of the sorted values. */
function percentile(sorted: readonly number[], fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (at - Math.floor(at)) * (high - low);
}
