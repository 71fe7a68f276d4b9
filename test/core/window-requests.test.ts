import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors/gateway-error.ts';
import { pathOf } from '../../src/lists/list.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { createScanBudgets } from '../../src/windows/scan-budget.ts';
import { searchWindow } from '../../src/windows/search-page.ts';
import type { Seek } from '../../src/windows/window.ts';
import { instantAt } from './arbitraries.ts';
import { ALL, loadFrom, type Request } from './ask-page.ts';
import { FakeList, type Row } from './fake-list.ts';
import { type Bounds, windowOf } from './windows.ts';

/** Every tenth is blue. */
const ROWS: readonly Row[] = Array.from({ length: 400 }, (_, index) => ({
  id: `row-${100 + index}`,
  key: instantAt(100 + index),
  owner: 'ann',
  color: index % 10 === 0 ? 'blue' : 'red',
}));
const rows = { rows: true, hasNextPage: false, hasPreviousPage: false };

function searching(window: Bounds, { budget = 100, seek }: { budget?: number; seek?: boolean } = {}) {
  const sought: Seek[] = [];
  const list = new FakeList(
    {
      rows: ROWS,
      dialect: 'reversed',
      maxRows: 100,
      ...(seek === true && {
        seek: async (query) => {
          sought.push(query);
          const at = ROWS.findIndex(({ key }) => key >= query.instant) - (query.side === 'until' ? 1 : 0);
          const row = ROWS[at];
          return row === undefined ? null : { position: row, isThere: Promise.resolve(true) };
        },
      }),
    },
    { proven: 'reversed' },
  );
  const load = (request: Request, after?: string) =>
    loadFrom(
      list,
      request,
      { after },
      searchWindow(windowOf(window), { list: list.list, source: list }, createScanBudgets(budget)),
    );
  const take = () => list.asked.splice(0).map((asked) => pathOf(list.list, asked).slice('rows/?'.length));
  return { list, load, take, sought };
}

describe('A page of a window takes', () => {
  const first = { order: 'asc', size: { first: 2 }, needs: rows } as const;

  it.each<[string, Bounds, Request, { seek?: boolean }, readonly string[]]>([
    ['no request if the window is empty', { from: instantAt(5), to: instantAt(5) }, first, {}, []],
    ['one page if the list starts in it', { to: instantAt(300) }, first, {}, ['limit=2&order=asc']],
    [
      'one page, and one row more for a flag',
      { to: instantAt(300) },
      { ...first, needs: ALL },
      {},
      ['limit=3&order=asc'],
    ],
    [
      'what follows a row that was sought',
      { from: instantAt(300) },
      first,
      { seek: true },
      ['before=row-299&limit=2&order=asc'],
    ],
    [
      'the ends of the list, if rows can not be sought',
      { from: instantAt(150) },
      first,
      {},
      ['limit=1&order=asc', 'limit=1&order=desc', 'limit=100&order=asc'],
    ],
    [
      'nothing more if the list ends ahead of it',
      { from: instantAt(900) },
      first,
      {},
      ['limit=1&order=asc', 'limit=1&order=desc'],
    ],
    [
      'what lies on its nearer side',
      { from: instantAt(470) },
      first,
      {},
      ['limit=1&order=asc', 'limit=1&order=desc', 'limit=50&order=desc'],
    ],
    [
      'a hundred rows at first where most do not match',
      { color: 'blue' },
      first,
      {},
      ['limit=100&order=asc'],
    ],
  ])('%s', async (_what, window, request, options, expected) => {
    const { load, take } = searching(window, options);
    await load(request);
    expect(take()).toEqual(expected);
  });

  it('one row for a flag behind it, next to the cursor', async () => {
    const { load, take } = searching({ from: instantAt(200) }, { seek: true });
    const after = encodeCursor(ROWS[150] as Row);
    expect((await load({ ...first, needs: { ...rows, hasPreviousPage: true } }, after)).hasPreviousPage).toBe(
      true,
    );
    expect(take()).toEqual(['before=row-250&limit=2&order=asc', 'before=row-250&limit=1&order=desc']);
  });

  it('a question for the row on the right side of its bound', async () => {
    const { load, sought } = searching({ from: instantAt(200), to: instantAt(300) }, { seek: true });
    await load(first);
    await load({ ...first, order: 'desc' });
    expect(sought).toEqual([
      { instant: instantAt(200), side: 'until' },
      { instant: instantAt(300), side: 'from' },
    ]);
  });
});

describe('A page that is too far away', () => {
  const far = { order: 'asc', size: { first: 7 }, needs: rows } as const;

  it('says how to go on from where it was read to, without any rows', async () => {
    const { load } = searching({ color: 'green' });
    await expect(load(far)).rejects.toMatchObject({
      code: 'SCAN_BUDGET_EXCEEDED',
      message:
        'Read 100 rows of the list without finding all runs of the page; 0 were found. To see what follows, go on with after: extensions.cursor; or narrow createdAfter and createdBefore.',
      extensions: { budget: 100, found: 0, argument: 'after' },
    });
  });

  it('says how many rows can be had', async () => {
    const { load } = searching({ color: 'blue' }, { budget: 30 });
    await expect(load({ ...far, size: { last: 7 }, order: 'desc' })).rejects.toMatchObject({
      message:
        'Read 30 rows of the list without finding all runs of the page; 4 were found. To see what follows, ask for last: 4 with before: extensions.cursor, and without hasNextPage and hasPreviousPage; or narrow createdAfter and createdBefore.',
      extensions: { budget: 30, found: 4, cursor: null, argument: 'before' },
    });
  });

  it.each([
    ['first', 'asc', 'after', 'hasPreviousPage', 'before'],
    ['last', 'desc', 'before', 'hasNextPage', 'after'],
  ] as const)(
    'says which flag of a page with %s costs too much',
    async (size, order, argument, flag, side) => {
      const list = ROWS.map((row, index) => ({ ...row, color: index < 300 ? 'red' : 'blue' }));
      const { list: source } = searching({});
      source.rows = list;
      const cursor = encodeCursor(ROWS[299] as Row);
      const request = { order, size: { [size]: 1 }, needs: ALL };
      const search = searchWindow(
        windowOf({ color: 'blue' }),
        { list: source.list, source },
        createScanBudgets(100),
      );
      await expect(loadFrom(source, request, { [argument]: cursor }, search)).rejects.toMatchObject({
        code: 'SCAN_BUDGET_EXCEEDED',
        message: `Read 100 rows of the list without finding out whether runs of the window come ${side} the page. Ask for it without ${flag}; or narrow createdAfter and createdBefore.`,
        extensions: { budget: 100, found: 1, cursor, argument },
      });
    },
  );

  it('is refused where rows do not tell whether they match', async () => {
    const { list } = searching({});
    const check = async () => {
      throw new UnsupportedError('too old');
    };
    const search = searchWindow(
      { ...windowOf({}), check },
      { list: list.list, source: list },
      createScanBudgets(100),
    );
    await expect(loadFrom(list, far, {}, search)).rejects.toThrow('too old');
  });
});

it('Rows of a window are matched in a turn of the event loop for each list', async () => {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  const turns = [1, 2, 3].map(async () => {
    const { list } = searching({});
    const matchedIn = new Set<number>();
    const window = { ...windowOf({ color: 'blue' }), matches: () => matchedIn.add(turn).size > 1000 };
    const search = searchWindow(window, { list: list.list, source: list }, createScanBudgets(10));
    await loadFrom(list, { order: 'asc', size: { first: 1 }, needs: rows }, {}, search).catch(
      () => undefined,
    );
    return [...matchedIn];
  });
  const each = await Promise.all(turns);
  clearImmediate(next);
  expect(each.map((some) => some.length)).toEqual([1, 1, 1]);
  expect(new Set(each.flat()).size).toBe(3);
});
