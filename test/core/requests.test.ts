import { describe, expect, it } from 'vitest';
import { pathOf } from '../../src/lists/list.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { instantAt, type PageCase } from './arbitraries.ts';
import { loadFrom, type Request } from './ask-page.ts';
import { FakeList, type Knowledge, type Row, type Script } from './fake-list.ts';

const ROWS: readonly Row[] = Array.from({ length: 30 }, (_, index) => ({
  id: `row-${index + 10}`,
  key: instantAt(index),
  owner: 'ann',
  color: 'red',
}));
const R20 = ROWS[10] as Row;
const R30 = ROWS[20] as Row;
const C20 = encodeCursor(R20);
const C30 = encodeCursor(R30);

const rows = { rows: true, hasNextPage: false, hasPreviousPage: false };
const next = { ...rows, hasNextPage: true };
const previous = { ...rows, hasPreviousPage: true };

function listOf(script: Partial<Script> = {}, knowledge: Knowledge = { proven: 'reversed' }) {
  const list = new FakeList({ rows: ROWS, dialect: 'reversed', ...script }, knowledge);
  const take = () => list.asked.splice(0).map((asked) => pathOf(list.list, asked).slice('rows/?'.length));
  return { list, take };
}

describe('A page takes', () => {
  it.each<[Request['size'], { after?: string; before?: string }, PageCase['needs'], readonly string[]]>([
    [{ first: 3 }, {}, rows, ['limit=3&order=desc']],
    [{}, {}, rows, ['limit=5&order=desc']],
    [{ first: 3 }, {}, next, ['limit=4&order=desc']],
    [{ first: 3 }, {}, previous, ['limit=3&order=desc']],
    [{ first: 3 }, {}, { ...rows, rows: false }, []],
    [{ first: 0 }, {}, rows, []],
    [{ first: 0 }, {}, next, ['limit=1&order=desc']],
    [{ first: 12 }, {}, next, ['limit=12&order=desc', 'limit=1&order=asc']],
    [{ first: 3 }, { after: C20 }, rows, ['before=row-20&limit=3&order=desc']],
    [{ first: 3 }, { after: C20 }, previous, ['before=row-20&limit=3&order=desc', 'limit=1&order=desc']],
    [{ first: 3 }, { after: C20 }, { ...previous, rows: false }, ['limit=1&order=desc']],
    [{ first: 3 }, { before: C20 }, previous, ['limit=3&order=desc']],
    [{ first: 3 }, { after: C30, before: C20 }, rows, ['before=row-30&limit=3&order=desc']],
    [{ first: 3 }, { after: 'row-20' }, rows, ['before=row-20&limit=3&order=desc']],
    [{ first: 3 }, { after: 'row-20' }, previous, ['before=row-20&limit=3&order=desc', 'limit=1&order=desc']],
    [{ first: 3 }, { before: 'row-20' }, next, ['limit=4&order=desc']],
    [{ last: 3 }, {}, rows, ['limit=3&order=asc']],
    [{ last: 3 }, {}, previous, ['limit=4&order=asc']],
    [{ last: 12 }, {}, previous, ['limit=12&order=asc', 'limit=1&order=desc']],
    [{ last: 3 }, { before: C20 }, next, ['before=row-20&limit=3&order=asc', 'limit=1&order=asc']],
    [{ last: 3 }, { before: 'row-20' }, next, ['before=row-20&limit=3&order=asc', 'limit=1&order=asc']],
    [{ last: 3 }, { after: C20 }, next, ['limit=3&order=asc']],
  ])('%o of %o, and %o selected: %o', async (size, texts, needs, expected) => {
    const { list, take } = listOf();
    await loadFrom(list, { order: 'desc', size, needs }, texts);
    expect(take()).toEqual(expected);
  });

  it('no second request if it is known to have no more rows than one', async () => {
    const { list, take } = listOf({ rows: ROWS.slice(0, 11) });
    await loadFrom(list, { order: 'desc', size: { first: 11 }, needs: next }, {});
    expect(take()).toEqual(['limit=12&order=desc']);
  });

  it('filters by their names in REST, lists as repeated keys, before the cursor', async () => {
    const { list, take } = listOf();
    const filter = { colors: ['red & blue', 'green'], owner: 'ann' };
    await loadFrom(list, { order: 'asc', size: { first: 1 }, filter, needs: rows }, { after: C20 });
    expect(take()[0]).toBe('owner=ann&colors=red%20%26%20blue&colors=green&before=row-20&limit=1&order=asc');
  });
});

describe('What is learned of a server', () => {
  const page = (list: FakeList, after = C20) =>
    loadFrom(list, { order: 'desc', size: { first: 3 }, needs: rows }, { after });
  const [probe] = [
    ['limit=2&order=desc', 'before=row-39&limit=1&order=desc', 'after=row-39&limit=1&order=desc'],
  ];
  const wrong = 'before=row-20&limit=3&order=desc';
  const right = 'after=row-20&limit=3&order=desc';

  it('is its dialect, for a minute, by rows that the server itself sends', async () => {
    const { list, take } = listOf({ dialect: 'documented' }, {});
    await page(list);
    expect(take()).toEqual([wrong, ...probe, right]);
    expect(list.memory.dialect.known).toBe('documented');
    list.now = 59_999;
    await page(list, encodeCursor(ROWS[0] as Row));
    expect(take()).toEqual(['after=row-10&limit=3&order=desc']);
    list.now = 60_000;
    // A page that has rows proves itself.
    await page(list);
    expect(take()).toEqual([right]);
    await page(list, encodeCursor(ROWS[0] as Row));
    expect(take()).toEqual(['after=row-10&limit=3&order=desc', ...probe]);
    await page(list, encodeCursor(ROWS[0] as Row));
    expect(take()).toHaveLength(1);
  });

  it('is no dialect if there are fewer than two rows', async () => {
    const { list, take } = listOf({ rows: [R20], dialect: 'documented' }, {});
    await page(list);
    expect(take()).toEqual([wrong, 'limit=2&order=desc', right]);
    expect(list.memory.dialect.known).toBeUndefined();
  });

  it('is the size of its pages, for a minute, by what it refuses', async () => {
    const { list, take } = listOf({ maxLimit: 2 });
    await page(list);
    const parts = ['before=row-20&limit=2&order=desc', 'before=row-18&limit=1&order=desc'];
    expect(take()).toEqual([wrong, ...parts]);
    expect(list.memory.sizes.current).toBe(2);
    list.now = 59_999;
    await page(list);
    expect(take()).toEqual(parts);
    list.now = 60_000;
    expect(list.memory.sizes.current).toBe(12);
    await page(list);
    expect(take()).toEqual([wrong, ...parts]);
  });
});
