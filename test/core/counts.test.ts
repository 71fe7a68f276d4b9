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

interface Counted {
  readonly filter: Filter;
  readonly window: Bounds;
}

function count(asked: FakeList, { filter, window }: Counted, budget = createScanBudget(1000)) {
  const { list, readRange, seek } = asked;
  return readWindow(filter, windowOf(window), { list, readRange, seek, budget });
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
      const missing = window.from === undefined && window.to !== undefined ? 'newer' : 'older';
      const read = missing === 'older' ? all.slice(0, size) : all.slice(all.length - size);
      expect(counted).toEqual({ rows: read, isWhole: false, missing });
      // The budget was spent, on a list that has more than that.
      expect(size).toBeLessThanOrEqual(budget);
      expect(budget).toBeLessThan(4 * rows.length);
      if (window.from === undefined && window.to === undefined) {
        expect(budget).toBeLessThan(rows.filter((row) => matches(row, filter)).length);
      }
    });
  });

  it('of a list that changes has what was always there, and nothing that never was', async () => {
    const changing = fc.tuple(cases, changes);
    await check(changing, 1000, async ([{ rows, server, seek, filter, window }, happening]) => {
      const list = serve(rows, server, { seek: seek(rows), changes: happening });
      try {
        const counted = await count(list, { filter, window });
        expect(counted.isWhole).toBe(true);
        const answered = { rows: counted.rows, hasNextPage: undefined, hasPreviousPage: undefined };
        const moments = list.momentsOf(filter, (row) => isWithin(row, window));
        expect(problemsOf(answered, { order: 'desc' }, moments)).toEqual([]);
      } catch (error) {
        expectDeleted(error, { order: 'desc' }, list);
      }
    });
  });

  it('reads ten times the budget at most for all fields of an operation, after a request for each', async () => {
    const readBy = async (fields: number) => {
      const list = new FakeList({ rows: rowsUpTo(400), dialect: 'reversed', maxRows: 10 });
      const budget = createScanBudget(20);
      const counting = Array.from({ length: fields }, () => count(list, { filter: {}, window: {} }, budget));
      return (await Promise.all(counting)).map(({ rows }) => rows.length);
    };
    expect(await readBy(10)).toEqual(Array(10).fill(20));
    expect(await readBy(12)).toEqual([...Array(8).fill(20), ...Array(4).fill(10)]);
    expect(await readBy(30)).toEqual(Array(30).fill(10));
  });
});
