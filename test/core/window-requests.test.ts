import { expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors/gateway-error.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { createScanBudget } from '../../src/lists/windows/window.ts';
import { instantAt, rowsUpTo } from './arbitraries.ts';
import { ALL } from './ask-page.ts';
import { FakeList, type Row, type Script } from './fake-list.ts';
import { type Bounds, search, SEEKS } from './windows.ts';

/** Of 400 rows, from the hundredth microsecond on, every tenth is blue. */
const ROWS = rowsUpTo(400, (index) => ({ color: index % 10 === 0 ? 'blue' : 'red' }));
const rows = { rows: true, hasNextPage: false, hasPreviousPage: false };
const first = { order: 'asc', size: { first: 2 }, needs: rows } as const;
const listOf = (seek = '', script: Partial<Script> = {}) =>
  new FakeList(
    { rows: ROWS, dialect: 'reversed', maxRows: 100, seek: SEEKS[seek]?.(ROWS), ...script },
    { proven: 'reversed' },
  );
const askedOf = ({ asked }: FakeList) => asked.map(({ query }) => query);
const from = (micros: number) => ({ from: instantAt(micros) });

it.each<[string, Bounds, seek: string, readonly string[], needs?: typeof rows]>([
  ['no request if it is empty', { ...from(5), to: instantAt(5) }, '', []],
  ['one if the list starts in it', { to: instantAt(300) }, '', ['limit=2&order=asc']],
  ['one row more for a flag', { to: instantAt(300) }, '', ['limit=3&order=asc'], ALL],
  ['what follows a row that was sought', from(300), 'the next one', ['before=row-299&limit=2&order=asc']],
  ['as many rows as it can if none can be sought', from(150), '', ['limit=100&order=asc']],
  ['no rows behind its end', { color: 'green', to: instantAt(150) }, '', ['limit=100&order=asc']],
  ['a hundred rows at first where few match', { color: 'blue' }, '', ['limit=100&order=asc']],
])('A page of a window takes %s', async (_what, window, seek, expected, needs = rows) => {
  const list = listOf(seek);
  await search(list, { ...first, needs }, { window });
  expect(askedOf(list)).toEqual(expected);
});

it('A page up to a cursor takes no rows behind the first one beyond it, also for the flag of its end', async () => {
  const list = listOf();
  const texts = { before: encodeCursor(ROWS[15] as Row) };
  const needs = { ...rows, hasNextPage: true };
  const request = { ...first, size: { first: 50 }, needs };
  const page = await search(list, request, { window: { color: 'blue' }, texts });
  expect([page.rows.length, page.hasNextPage]).toEqual([2, true]);
  expect(askedOf(list)).toEqual(['limit=100&order=asc']);
});

it('A flag of a window takes one row next to the cursor', async () => {
  const list = listOf('the next one');
  const texts = { after: encodeCursor(ROWS[150] as Row) };
  await search(list, { ...first, needs: { ...rows, hasPreviousPage: true } }, { window: from(200), texts });
  expect(list.asked.map(({ order, limit, cursors }) => [order, limit, cursors.before])).toEqual([
    ['asc', 2, 'row-250'],
    ['desc', 1, 'row-250'],
  ]);
});

it('A flag of a window takes no rows behind the cursor', async () => {
  const list = listOf();
  const texts = { after: encodeCursor(ROWS[30] as Row) };
  const needs = { rows: false, hasNextPage: false, hasPreviousPage: true };
  const page = await search(list, { ...first, needs }, { window: { color: 'green' }, texts });
  expect(page.hasPreviousPage).toBe(false);
  expect(askedOf(list)).toEqual(['before=row-130&limit=100&order=desc', 'limit=100&order=asc']);
});

it.each([
  [0, ['limit=13'], 1],
  [1, ['limit=14'], 1],
  [30, ['limit=43'], 4],
  [89, ['limit=100', 'before=row-199&limit=2'], 10],
  [90, ['limit=100', 'before=row-199&limit=3'], 11],
  [107, ['limit=100', 'before=row-199&limit=20'], 12],
  [108, ['limit=100', 'before=row-199&limit=21'], 13],
  [500, ['limit=100', 'before=row-199&limit=100'], 13],
])('13 rows with 108 others among them take with a budget of %i: %o', async (budget, queries, found) => {
  const list = listOf();
  const page = search(list, { ...first, size: { first: 13 } }, { window: { color: 'blue' }, budget });
  if (found === 13) expect((await page).rows).toHaveLength(13);
  else await expect(page).rejects.toMatchObject({ extensions: { budget, found, cursor: null } });
  expect(askedOf(list)).toEqual(queries.map((query) => `${query}&order=asc`));
});

it('Fields of an operation that search in vain share ten times the budget, after a request for each', async () => {
  const readBy = async (fields: number) => {
    const list = listOf('', { maxRows: 10 });
    const request = { window: { color: 'green' }, budget: createScanBudget(20) };
    const searches = Array.from({ length: fields }, () => search(list, first, request));
    for (const each of searches) await expect(each).rejects.toMatchObject({ code: 'SCAN_BUDGET_EXCEEDED' });
    return list.asked.reduce((sum, { limit }) => sum + limit, 0);
  };
  expect(await Promise.all([1, 10, 12, 30].map(readBy))).toEqual([22, 200, 200, 300]);
});

it('Rows that were asked for and not read are left for other fields', async () => {
  const list = listOf('', { maxRows: 10 });
  const budget = createScanBudget(20);
  const narrow = { color: 'green', to: instantAt(102) };
  for (let field = 0; field < 30; field++) await search(list, first, { window: narrow, budget });
  const page = await search(list, first, { window: { color: 'blue' }, budget });
  expect([...page.rows]).toEqual([ROWS[0], ROWS[10]]);
});

it('A window takes no rows behind the other cursor, and none if its own cursor lies behind it', async () => {
  const list = listOf();
  const before = encodeCursor(ROWS[50] as Row);
  await search(list, first, { window: { color: 'green' }, texts: { before }, budget: 1000 });
  await search(list, first, { window: { to: instantAt(150) }, texts: { after: before } });
  expect(askedOf(list)).toEqual(['limit=100&order=asc']);
});

it('A window is refused where rows do not tell whether they match', async () => {
  const check = () => Promise.reject(new UnsupportedError('too old'));
  await expect(search(listOf(), first, { window: {}, check })).rejects.toThrow('too old');
});
