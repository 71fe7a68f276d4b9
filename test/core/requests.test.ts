import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { instantAt, type PageCase, rowsUpTo } from './arbitraries.ts';
import { loadFrom, type Request } from './ask-page.ts';
import { FakeList, type Fault, type Knowledge, type Row, type Script } from './fake-list.ts';

const ROWS = rowsUpTo(30);
const [OLDEST, C10, C20] = [0, 10, 20].map((index) => encodeCursor(ROWS[index] as Row));

const rows = { rows: true, hasNextPage: false, hasPreviousPage: false };
const next = { ...rows, hasNextPage: true };
const previous = { ...rows, hasPreviousPage: true };

function listOf(script: Partial<Script> = {}, knowledge: Knowledge = { proven: 'reversed' }) {
  const list = new FakeList({ rows: ROWS, dialect: 'reversed', ...script }, knowledge);
  const take = () => list.asked.splice(0).map(({ query }) => query);
  return { list, take };
}

type Cursors = { readonly after?: string | undefined; readonly before?: string | undefined };

describe('A page takes', () => {
  it.each<[Request['size'], Cursors, PageCase['needs'], readonly string[]]>([
    [{ first: 3 }, {}, rows, ['limit=3&order=desc']],
    [{}, {}, rows, ['limit=5&order=desc']],
    [{ first: 3 }, {}, next, ['limit=4&order=desc']],
    [{ first: 3 }, {}, previous, ['limit=3&order=desc']],
    [{ first: 3 }, {}, { ...rows, rows: false }, []],
    [{ first: 0 }, {}, rows, []],
    [{ first: 0 }, {}, next, ['limit=1&order=desc']],
    [{ first: 12 }, {}, next, ['limit=12&order=desc', 'limit=1&order=asc']],
    [{ first: 3 }, { after: C10 }, rows, ['before=row-110&limit=3&order=desc']],
    [{ first: 3 }, { after: C10 }, previous, ['before=row-110&limit=3&order=desc', 'limit=1&order=desc']],
    [{ first: 3 }, { after: C10 }, { ...previous, rows: false }, ['limit=1&order=desc']],
    [{ first: 3 }, { before: C10 }, previous, ['limit=3&order=desc']],
    [{ first: 3 }, { after: C20, before: C10 }, rows, ['before=row-120&limit=3&order=desc']],
    [{ first: 3 }, { before: C10 }, next, ['limit=4&order=desc']],
    [{ last: 3 }, {}, rows, ['limit=3&order=asc']],
    [{ last: 3 }, {}, previous, ['limit=4&order=asc']],
    [{ last: 12 }, {}, previous, ['limit=12&order=asc', 'limit=1&order=desc']],
    [{ last: 3 }, { before: C10 }, next, ['before=row-110&limit=3&order=asc', 'limit=1&order=asc']],
    [{ last: 3 }, { after: C10 }, next, ['limit=3&order=asc']],
  ])('%o of %o, and %o selected: %o', async (size, texts, needs, expected) => {
    const { list, take } = listOf();
    await loadFrom(list, { order: 'desc', size, needs }, texts);
    expect(take()).toEqual(expected);
  });

  it('the same by ids as by cursors, each looked up first, and no look-up of its rows', async () => {
    const { list, take } = listOf();
    const request = { order: 'desc', size: { first: 3 }, needs: previous } as const;
    const page = await loadFrom(list, request, { after: 'row-110' });
    expect([list.askedBefore, list.remembered]).toEqual([[0], [...page.rows]]);
    await loadFrom(list, request, { before: 'row-110' });
    expect(list.askedBefore).toEqual([0, 2]);
    expect(take()).toEqual(['before=row-110&limit=3&order=desc', 'limit=1&order=desc', 'limit=3&order=desc']);
  });

  it.each([
    [11, false],
    [12, false],
    [13, true],
  ])('two for as many of %i rows as one can bring, and whether more follow: %s', async (count, isMore) => {
    for (const [size, flag] of Object.entries({ first: 'hasNextPage', last: 'hasPreviousPage' } as const)) {
      const { list, take } = listOf({ rows: ROWS.slice(0, count) });
      const needs = { ...rows, [flag]: true };
      const page = await loadFrom(list, { order: 'desc', size: { [size]: 12 }, needs }, {});
      expect([page[flag], take().length]).toEqual([isMore, 2]);
    }
  });

  it('filters by their names in REST, lists as repeated keys, before the cursor', async () => {
    const { list, take } = listOf();
    const filter = { colors: ['red & blue', 'green'], owner: 'ann' };
    await loadFrom(list, { order: 'asc', size: { first: 1 }, filter, needs: rows }, { after: C10 });
    expect(take()[0]).toBe('owner=ann&colors=red%20%26%20blue&colors=green&before=row-110&limit=1&order=asc');
  });
});

it.each([
  // The path has 6 bytes, a cursor, a limit and an order have 80.
  [2, 86 + 2 * 14, undefined],
  [2, 86 + 2 * 14 - 1, 86 + 2 * 14],
  [40, 10, 86 + 40 * 14],
])(
  'A request for %i owners in %i bytes is refused if it would have %s',
  async (count, maxPathBytes, bytes) => {
    const owners = Array.from({ length: count }, (_, index) => `o${10 + index}`);
    const { list, take } = listOf({ rows: [], maxPathBytes });
    const found = list.readRange({ filter: { owners }, order: 'asc', after: null, limit: 10 });
    if (bytes === undefined) return expect([...(await found)]).toEqual([]);
    const message = `owners: ${count} values are too many for one request to the API, whose address may have ${maxPathBytes} bytes, but would have ${bytes}. Ask for some of them at a time.`;
    await expect(found).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { argument: 'owners' },
      message,
    });
    expect(take()).toEqual([]);
  },
);

describe('What is learned of the upstream', () => {
  const page = (list: FakeList, after = C10) =>
    loadFrom(list, { order: 'desc', size: { first: 3 }, needs: rows }, { after });
  const top = 'limit=2&order=desc';
  const probe = [top, ...['before', 'after'].map((name) => `${name}=row-129&limit=1&order=desc`)];
  const wrong = 'before=row-110&limit=3&order=desc';
  const right = 'after=row-110&limit=3&order=desc';

  it('is its dialect, for a minute, by rows that the server itself sends', async () => {
    const { list, take } = listOf({ dialect: 'documented' }, {});
    await page(list);
    expect(take()).toEqual([wrong, ...probe, right]);
    expect(list.state.dialect.current).toBe('documented');
    list.now = 59_999;
    await page(list, OLDEST);
    expect(take()).toEqual(['after=row-100&limit=3&order=desc']);
    list.now = 60_000;
    // A page that has rows proves itself.
    await page(list);
    expect(take()).toEqual([right]);
    await page(list, OLDEST);
    expect(take()).toEqual(['after=row-100&limit=3&order=desc', ...probe]);
    await page(list, OLDEST);
    expect(take()).toHaveLength(1);
  });

  it('is no dialect if rows came and went while it was probed', async () => {
    const stays = { kind: 'stays' } as const;
    const newer = { ...(ROWS[29] as Row), id: 'row-200', key: instantAt(200) };
    const changes = [stays, stays, { kind: 'vanishes', at: 29 }, { kind: 'comes', row: newer }] as const;
    const { list } = listOf({ dialect: 'documented', changes }, {});
    await page(list, OLDEST);
    expect(list.state.dialect.current).toBeUndefined();
  });

  it('is no dialect if there are fewer than two rows', async () => {
    const { list, take } = listOf({ rows: ROWS.slice(10, 11), dialect: 'documented' }, {});
    await page(list);
    expect(take()).toEqual([wrong, top, right]);
    expect(list.state.dialect.current).toBeUndefined();
  });

  it.each([
    [300, 250, { maxLimit: 100 }, [250, 100, 100, 50]],
    [300, 250, { cutAt: 100 }, [250, 150, 50]],
    [100, 250, {}, [250, 150]],
    [99, 250, {}, [250]],
    [40, 250, {}, [250]],
  ])('is the size of pages: %i rows, %i wanted, and %o', async (count, limit, script, asked) => {
    const { list } = listOf({ rows: rowsUpTo(count), maxRows: 1000, ...script });
    const found = await list.readRange({ filter: {}, order: 'asc', after: null, limit });
    expect([...found]).toEqual(rowsUpTo(count).slice(0, limit));
    expect(list.asked.map((one) => one.limit)).toEqual(asked);
  });
});

it('Rows of one instant are read behind a cursor that skips them by as large a page as the server takes', async () => {
  const tied = ROWS.slice(0, 9).map((row) => ({ ...row, key: instantAt(1) }));
  const script = { rows: tied, dialect: 'documented', skipsTies: true, maxLimit: 10 } as const;
  const { list, take } = listOf(script, { forced: 'documented' });
  const { key, id } = tied[7] as Row;
  const found = await list.readRange({ filter: {}, order: 'asc', after: { key, id }, limit: 2 });
  expect([...found]).toEqual(tied.slice(8));
  expect(take().slice(1)).toEqual([3, 6, 12, 10].map((limit) => `limit=${limit}&order=asc`));
});

it('Rows that come ahead of a cursor that skips ties, while a page is read behind it, leave it valid', async () => {
  const script = { rows: ROWS.slice(0, 3), dialect: 'documented', skipsTies: true } as const;
  const fault: Fault = (sent) => ((list.rows = ROWS.slice(0, 5)), sent);
  const { list } = listOf({ ...script, fault }, { forced: 'documented' });
  const range = { filter: {}, order: 'desc', after: ROWS[2] as Row, limit: 1 } as const;
  await expect(list.readRange(range)).resolves.toEqual([ROWS[1]]);
});

it('An empty page is not believed if its cursor is gone when the other dialect is tried', async () => {
  const stays = { kind: 'stays' } as const;
  const changes = [stays, { kind: 'vanishes', at: 1 }, { kind: 'comes', row: ROWS[5] as Row }] as const;
  const { list } = listOf({ rows: ROWS.slice(0, 2), dialect: 'documented', changes }, {});
  const range = { filter: {}, order: 'desc', after: ROWS[1] as Row, limit: 3 } as const;
  await expect(list.readRange(range)).rejects.toThrow('The upstream has no page after row-101');
});
