import { expect, it } from 'vitest';
import type { ListDefinition } from '../../src/lists/list.ts';
import { createScanBudgets } from '../../src/windows/scan-budget.ts';
import { windowRows } from '../../src/windows/window-rows.ts';

interface Row {
  readonly id: string;
  readonly isWanted: boolean;
}

const list: ListDefinition<Row> = {
  row: 'a row',
  path: '/rows/',
  positionOf: ({ id }) => ({ key: id, id }),
  cursors: { pattern: /^\d+$/, listedPattern: /^\d+$/ },
  filters: {},
  maxRows: 1000,
  defaultRows: 100,
};
const rows = Array.from({ length: 400 }, (_, index) => ({
  id: `${100 + index}`,
  isWanted: index % 150 === 149,
}));

it.each([1, 10, 500])('Each row that is read is matched once, with a budget of %i rows', async (budget) => {
  const matched: string[] = [];
  const found = await windowRows(
    {
      filter: {},
      order: 'asc',
      after: null,
      until: null,
      limit: 3,
      window: {
        span: {},
        isEmpty: false,
        isSparse: true,
        matches({ id, isWanted }) {
          matched.push(id);
          return isWanted;
        },
      },
    },
    {
      list,
      budget: createScanBudgets(budget).open(),
      source: {
        canSeek: () => false,
        seek: () => Promise.resolve(undefined),
        rowsFollowing: ({ after, limit }) =>
          Promise.resolve(rows.filter(({ id }) => after === null || id > after.id).slice(0, limit)),
      },
    },
  );
  expect([...found.rows].map(({ id }) => id)).toEqual(['249', '399'].slice(0, found.rows.length));
  expect(matched.length).toBeGreaterThan(0);
  expect(new Set(matched).size).toBe(matched.length);
});

it('Lists that are answered at once are matched in turns of the event loop of their own', async () => {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  const turns = await Promise.all(
    [1, 2, 3].map(async () => {
      const own = new Set<number>();
      const matches = (): boolean => own.add(turn).size > 1000;
      const window = { span: {}, isEmpty: false, isSparse: true, matches };
      await windowRows(
        { filter: {}, order: 'asc', after: null, until: null, limit: 1000, window },
        {
          list,
          budget: createScanBudgets(1000).open(),
          source: {
            canSeek: () => false,
            seek: () => Promise.resolve(undefined),
            rowsFollowing: () => Promise.resolve(rows),
          },
        },
      );
      return [...own];
    }),
  );
  clearImmediate(next);
  expect(turns.map((own) => own.length)).toEqual([1, 1, 1]);
  expect(new Set(turns.flat()).size).toBe(3);
});
