import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWindow } from '../../src/lists/windows/read-window.ts';
import { createScanBudget } from '../../src/lists/windows/window.ts';
import { changes, filters, rowLists, rowsUpTo, servers } from './arbitraries.ts';
import { expectDeleted } from './ask-page.ts';
import { FakeList, type Filter, matches, serve } from './fake-list.ts';
import { check } from './property.ts';
import { inOrder, problemsOf } from './relay-model.ts';
import { type Bounds, bounds, isWithin, seeks, windowOf } from './windows.ts';

function count(
  list: FakeList,
  { filter, window }: { filter: Filter; window: Bounds },
  budget = createScanBudget(1000),
) {
  return readWindow(filter, windowOf(window), {
    list: list.list,
    readRange: list.readRange,
    seek: list.seek,
    budget,
  });
}

const cases = fc.record({ rows: rowLists(), server: servers, filter: filters, window: bounds, seek: seeks });

describe('totalCount', () => {
  it('is of all rows where it says so, and else of the newest or the oldest ones', async () => {
    const budgeted = fc.tuple(cases, fc.integer({ min: 0, max: 60 }));
    await check(budgeted, 2000, async ([{ rows, server, seek, filter, window }, budget]) => {
      const list = serve(rows, server, { seek: seek(rows) });
      const counted = await count(list, { filter, window }, createScanBudget(budget));
      const all = inOrder(
        rows.filter((row) => matches(row, filter) && isWithin(row, window)),
        'desc',
      );
      if (counted.isWhole) {
        expect(counted).toEqual({ rows: all, isWhole: true, missing: undefined });
        return;
      }
      const size = counted.rows.length;
      expect(counted.rows).toEqual(
        counted.missing === 'older' ? all.slice(0, size) : all.slice(all.length - size),
      );
      expect(counted.missing).toBe(window.from === undefined && window.to !== undefined ? 'newer' : 'older');
      // The budget was spent, on a list that has more than that.
      expect(budget).toBeLessThan(4 * rows.length);
      if (window.from === undefined && window.to === undefined) {
        expect(budget).toBeLessThan(rows.filter((row) => matches(row, filter)).length);
      }
    });
  });

  it('of a list that changes has what was always there, and nothing that never was', async () => {
    await check(
      fc.tuple(cases, changes),
      1000,
      async ([{ rows, server, seek, filter, window }, happening]) => {
        const list = serve(rows, server, { seek: seek(rows), changes: happening });
        let counted;
        try {
          counted = await count(list, { filter, window });
        } catch (error) {
          expectDeleted(error, { order: 'desc' }, list);
          return;
        }
        const moments = list.momentsOf(filter, (row) => isWithin(row, window));
        expect(counted.isWhole).toBe(true);
        const answered = { rows: counted.rows, hasNextPage: undefined, hasPreviousPage: undefined };
        expect(problemsOf(answered, { order: 'desc' }, moments)).toEqual([]);
      },
    );
  });

  it('of as many rows as its budget is exact, and with one more it is not', async () => {
    const rows = rowsUpTo(30);
    const isExact = async (budget: number) => {
      const list = new FakeList({ rows, dialect: 'reversed' });
      return (await count(list, { filter: {}, window: {} }, createScanBudget(budget))).isWhole;
    };
    expect(await Promise.all([29, 30, 31].map(isExact))).toEqual([false, true, true]);
  });

  it.each([
    [10, Array.from({ length: 10 }, () => 20)],
    [12, [...Array.from({ length: 8 }, () => 20), 10, 10, 10, 10]],
    [30, Array.from({ length: 30 }, () => 10)],
  ])(
    'reads ten times the budget at most for %i fields of an operation, after a request for each',
    async (fields, read) => {
      const list = new FakeList({ rows: rowsUpTo(400), dialect: 'reversed', maxRows: 10 });
      const budget = createScanBudget(20);
      const selection = { filter: {}, window: {} };
      const counts = await Promise.all(Array.from({ length: fields }, () => count(list, selection, budget)));
      expect(counts.map((counted) => counted.rows.length)).toEqual(read);
      expect(new Set(counts.map(({ isWhole, missing }) => [isWhole, missing].join()))).toEqual(
        new Set(['false,older']),
      );
    },
  );
});
