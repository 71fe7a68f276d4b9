import { expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors/gateway-error.ts';
import { pathOf } from '../../src/lists/list.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { instantAt, rowsUpTo } from './arbitraries.ts';
import { ALL } from './ask-page.ts';
import { FakeList, type Row } from './fake-list.ts';
import { type Bounds, search, SEEKS } from './windows.ts';

/** Of 400 rows, from the hundredth microsecond on, every tenth is blue. */
const ROWS = rowsUpTo(400, (index) => ({ color: index % 10 === 0 ? 'blue' : 'red' }));
const rows = { rows: true, hasNextPage: false, hasPreviousPage: false };
const first = { order: 'asc', size: { first: 2 }, needs: rows } as const;
const listOf = (seek?: string) =>
  new FakeList(
    { rows: ROWS, dialect: 'reversed', maxRows: 100, seek: SEEKS[seek ?? '']?.(ROWS) },
    { proven: 'reversed' },
  );
const ends = ['limit=1&order=asc', 'limit=1&order=desc'];
const from = (micros: number) => ({ from: instantAt(micros) });

it.each<[string, Bounds, seek: string | undefined, needs: typeof rows, readonly string[]]>([
  ['no request if it is empty', { ...from(5), to: instantAt(5) }, undefined, rows, []],
  ['one if the list starts in it', { to: instantAt(300) }, undefined, rows, ['limit=2&order=asc']],
  ['one row more for a flag', { to: instantAt(300) }, undefined, ALL, ['limit=3&order=asc']],
  [
    'what follows a row that was sought',
    from(300),
    'the next one',
    rows,
    ['before=row-299&limit=2&order=asc'],
  ],
  [
    'the ends of the list if none can be sought',
    from(150),
    undefined,
    rows,
    [...ends, 'limit=100&order=asc'],
  ],
  ['nothing more if the list ends ahead of it', from(900), undefined, rows, ends],
  ['what lies on its nearer side', from(470), undefined, rows, [...ends, 'limit=50&order=desc']],
  ['a hundred rows at first where few match', { color: 'blue' }, undefined, rows, ['limit=100&order=asc']],
])('A page of a window takes %s', async (_what, window, seek, needs, expected) => {
  const list = listOf(seek);
  await search(list, { ...first, needs }, { window });
  expect(list.asked.map((asked) => pathOf(list.list, asked))).toEqual(
    expected.map((query) => `rows/?${query}`),
  );
});

it('A flag of a window takes one row next to the cursor', async () => {
  const list = listOf('the next one');
  const texts = { after: encodeCursor(ROWS[150] as Row) };
  await search(list, { ...first, needs: { ...rows, hasPreviousPage: true } }, { window: from(200), texts });
  expect(list.asked.map(({ order, limit, cursors }) => [order, limit, cursors?.before])).toEqual([
    ['asc', 2, 'row-250'],
    ['desc', 1, 'row-250'],
  ]);
});

it('A window is refused where rows do not tell whether they match', async () => {
  const check = () => Promise.reject(new UnsupportedError('too old'));
  await expect(search(listOf(), first, { window: {}, check })).rejects.toThrow('too old');
});

it('Rows of a window are matched in a turn of the event loop for each list', async () => {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  const turns = [1, 2, 3].map(async () => {
    const matchedIn = new Set<number>();
    const matches = () => matchedIn.add(turn).size === 1;
    await search(listOf(), first, { window: { color: 'blue' }, matches });
    return [...matchedIn];
  });
  const each = await Promise.all(turns);
  clearImmediate(next);
  expect(each.map((some) => some.length)).toEqual([1, 1, 1]);
  expect(new Set(each.flat()).size).toBe(3);
});
