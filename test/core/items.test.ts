import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { InvalidCursorError } from '../../src/lists/errors.ts';
import { cutPage } from '../../src/lists/items/cut-page.ts';
import { createItemList, invalidList, pageBehind, untoldList } from '../../src/lists/items/item-list.ts';
import { encodeItemCursor } from '../../src/lists/pages/cursor.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { check } from './property.ts';
import { edgesToReturn } from './relay-model.ts';

interface Item {
  readonly id: string;
  readonly isShown: boolean;
}

const FORMAT = { pattern: /^item-\d+$/, listedPattern: /^item-\d+$/ };
const RULES = { maxRows: 50, defaultRows: 10, cursors: FORMAT, row: 'an item' };
const itemsOf = (shown: readonly boolean[]): readonly Item[] =>
  shown.map((isShown, index) => ({ id: `item-${index}`, isShown }));
const plain = (count: number) => itemsOf(Array.from({ length: count }, () => true));

interface Serving {
  readonly size?: number;
  readonly following?: 'after' | 'before';
  /** How many items vanish while they are asked for. */
  readonly vanishing?: number;
}

/** A server of one such list, which gives so many items at a time. */
function listOf(items: readonly Item[], { size = 5, following = 'after', vanishing = 0 }: Serving = {}) {
  let all = items;
  const asked: string[] = [];
  const failed: number[] = [];
  const page = async (query: string): Promise<readonly Item[]> => {
    asked.push(query);
    const parameters = new URLSearchParams(query);
    const id = parameters.get(following) ?? parameters.get(following === 'after' ? 'before' : 'after');
    if (id === null) return all.slice(0, size);
    const at = all.findIndex((item) => item.id === id);
    // The first items vanish, one after the other, as they are asked for.
    if (at !== -1 && all.length > items.length - vanishing) all = all.toSpliced(at, 1);
    else if (at !== -1)
      return parameters.has(following) ? all.slice(at + 1, at + 1 + size) : all.slice(0, at);
    throw new UpstreamError('UPSTREAM_REJECTED', 'no such item', { status: 404 });
  };
  const parts = {
    page,
    following: { parameter: 'after' as 'after' | 'before' },
    failedCheck: () => void failed.push(1),
  };
  const list = createItemList<Item>({
    readFirst: async () => {
      const first = await page('limit=5');
      return { items: first, isWhole: first.length < size };
    },
    async readOn(known) {
      const [anchor, last] = known.slice(-2).map(({ id }) => id);
      // Items have no times: a page is behind another one if it begins with its last item.
      const behind = (rows: readonly unknown[]) => {
        const [one, ...others] = rows as readonly Item[];
        return one?.id === last ? others : null;
      };
      const next = await pageBehind(anchor ?? '', 'limit=5', parts, behind);
      if (next === null) throw invalidList('nothing follows');
      if (next === 'changed') return next;
      return { items: [...known, ...next], isWhole: next.length + 1 < size };
    },
    readLast: async (count) => (count > size ? undefined : all.slice(-count)),
  });
  return { list, asked, failed, parts };
}

describe('A page of items', () => {
  it('is that of the Relay specification, with exact flags, and stays so while the list grows', async () => {
    const index = fc.option(fc.nat(40), { nil: undefined });
    const cases = fc.record({
      shown: fc.array(fc.boolean(), { maxLength: 40, size: 'max' }),
      growth: fc.nat(20),
      after: index,
      before: index,
      sizes: fc.oneof(fc.record({ first: fc.nat(45) }), fc.record({ last: fc.nat(45) }), fc.constant({})),
      asIds: fc.boolean(),
      needsNext: fc.boolean(),
      isFiltered: fc.boolean(),
      size: fc.integer({ min: 2, max: 60 }),
      following: fc.constantFrom('after' as const, 'before' as const),
    });
    await check(cases, 1500, async ({ shown, growth, sizes, asIds, needsNext, isFiltered, ...given }) => {
      const shorter = itemsOf(shown);
      const longer = itemsOf([...shown, ...Array.from({ length: growth }, (_, at) => at % 2 === 0)]);
      const [after, before] = [given.after, given.before].map((at) => shorter[at ?? -1]?.id);
      const cursor = (id?: string) => id && (asIds ? id : encodeItemCursor(id));
      const args = readPageArguments({ ...sizes, after: cursor(after), before: cursor(before) }, RULES);
      const isShown = ({ isShown: is }: Item) => !isFiltered || is;
      // The cursors are of the shorter list.
      for (const items of [shorter, longer]) {
        const { first, last }: { first?: number; last?: number } = sizes;
        const shownAmong = (end: number) => items.slice(0, end).filter(isShown).length;
        const indexOf = (id: string) => items.findIndex((item) => item.id === id);
        const { hasNextPage, ...expected } = edgesToReturn(items.filter(isShown), {
          ...(after !== undefined && { start: shownAmong(indexOf(after) + 1) }),
          ...(before !== undefined && { end: shownAmong(indexOf(before)) }),
          first: last === undefined ? (first ?? 10) : undefined,
          last,
        });
        const page = await cutPage(listOf(items, given).list, args, {
          what: 'item',
          needsNext,
          ...(isFiltered && { isShown }),
        });
        expect(page).toMatchObject(expected);
        if (needsNext || page.hasNextPage !== undefined) expect(page.hasNextPage).toBe(hasNextPage);
      }
    });
  });

  it.each([
    ['after', encodeItemCursor('item-9')],
    ['before', 'item-9'],
  ])('does not begin or end %s an item that the list lacks', async (argument, cursor) => {
    const args = readPageArguments({ [argument]: cursor }, RULES);
    const cut = (count: number) =>
      cutPage(listOf(plain(count)).list, args, { what: 'item', needsNext: false });
    await expect(cut(9)).rejects.toThrow(InvalidCursorError);
    await expect(cut(9)).rejects.toThrow(`${argument}: "item-9" is not a item of this list`);
    expect((await cut(10)).rows).toHaveLength(argument === 'after' ? 0 : 9);
  });

  it.each([
    ['its first items', { first: 3 }, true, 1],
    ['a full page, and whether it is the last', { first: 5 }, true, 2],
    ['a full page alone', { first: 5 }, false, 1],
    ['nothing', { first: 0 }, false, 1],
    ['its last items, if they fit into a page', { last: 4 }, true, 1],
    ['more of its last items', { last: 5 }, true, 13],
    ['items before one of them', { last: 2, before: 'item-12' }, true, 3],
    ['items behind one of them', { first: 3, after: 'item-12' }, true, 4],
  ])('is read no further than it takes for %s', async (_name, sizes, needsNext, requests) => {
    const { list, asked } = listOf(plain(50));
    await cutPage(list, readPageArguments(sizes, RULES), { what: 'item', needsNext });
    expect(asked).toHaveLength(requests);
  });
});

describe('A list that is read page by page', () => {
  it('asks for each page once, whoever needs it, by the parameter that was right last', async () => {
    const { list, asked, failed, parts } = listOf(plain(12), { following: 'before' });
    const reads = await Promise.all([list.read(), list.read((some) => some.length > 7), list.read()]);
    expect(reads.map(({ items, isWhole }) => [items.length, isWhole])).toEqual([
      [12, true],
      [9, false],
      [12, true],
    ]);
    expect(asked).toEqual([
      'limit=5',
      'limit=5&after=item-3',
      'limit=5&before=item-3',
      'limit=5&before=item-7',
    ]);
    expect([failed.length, parts.following.parameter]).toEqual([1, 'before']);
  });

  it('is read from its start again where it changed, twice at most', async () => {
    const twice = await listOf(plain(20), { vanishing: 2 }).list.read();
    expect(twice.items.map(({ id }) => id)).toEqual(
      plain(20).flatMap(({ id }, at) => (at === 3 || at === 4 ? [] : [id])),
    );
    await expect(listOf(plain(20), { vanishing: 3 }).list.read()).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: 'The list can not be read as a whole: its pages do not continue each other',
    });
  });

  it('is an error where neither parameter brings what follows, or the server fails', async () => {
    const following = { parameter: 'after' as const };
    const behind = (page: () => Promise<readonly unknown[]>) =>
      pageBehind('item-1', 'limit=5', { page, following, failedCheck: () => undefined }, () => null);
    expect(await behind(async () => [])).toBeNull();
    const error = new UpstreamError('UPSTREAM_ERROR', 'down', { status: 500 });
    await expect(behind(() => Promise.reject(error))).rejects.toBe(error);
    expect(untoldList(7, 'why')).toMatchObject({
      code: 'UPSTREAM_UNSUPPORTED',
      message: "The runs API gives 7 at a time, from which the whole list can't be told: why.",
    });
  });
});
