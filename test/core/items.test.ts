import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { cutPage } from '../../src/lists/items/cut-page.ts';
import { createItemList, pageBehind, partialList, type ReadItems } from '../../src/lists/items/item-list.ts';
import { InvalidCursorError } from '../../src/lists/list-errors.ts';
import { encodeItemCursor } from '../../src/lists/pages/cursor.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { check } from './property.ts';
import { placed, relayPage } from './relay-model.ts';

interface Item {
  readonly id: string;
  readonly isShown: boolean;
}

const FORMAT = { pattern: /^item-\d+$/, listedPattern: /^item-\d+$/ };
const RULES = { maxRows: 50, defaultRows: 10, cursors: FORMAT, noun: 'item' };
const itemsOf = (shown: readonly boolean[]): readonly Item[] =>
  shown.map((isShown, index) => ({ id: `item-${index}`, isShown }));
const plain = (count: number) => itemsOf(Array.from({ length: count }, () => true));

/** A list that comes so many items at a time. */
function listOf(items: readonly Item[], size = 5) {
  const asked: string[] = [];
  const readUpTo = async (end: number): Promise<ReadItems<Item>> => {
    asked.push(String(end));
    return { items: items.slice(0, end), isWhole: end > items.length };
  };
  const list = createItemList<Item>({
    readFirst: () => readUpTo(size),
    readOn: (known) => readUpTo(known.length + size),
  });
  return { list, asked };
}

describe('A page of items', () => {
  it('is that of the Relay specification, with exact flags', async () => {
    const index = fc.option(fc.nat(40), { nil: undefined, freq: 2 });
    const cases = fc.record({
      items: fc.array(fc.boolean(), { maxLength: 40, size: 'max' }).map(itemsOf),
      places: fc.tuple(index, index),
      sizes: fc.oneof(fc.record({ first: fc.nat(20) }), fc.record({ last: fc.nat(20) }), fc.constant({})),
      asIds: fc.boolean(),
      needsNext: fc.boolean(),
      isReversed: fc.boolean(),
      isFiltered: fc.boolean(),
      atOnce: fc.integer({ min: 1, max: 24 }),
    });
    await check(
      cases,
      2000,
      async ({ items, places, sizes, asIds, needsNext, isReversed, isFiltered, atOnce }) => {
        const isShown = ({ isShown: is }: Item) => !isFiltered || is;
        const all = placed(items);
        const [after, before] = places.map((at) => all[at ?? items.length]);
        const [from, to] = [after, before].map(
          (at) => at && (asIds ? at.row.id : encodeItemCursor(at.row.id)),
        );
        const { first = 10, last }: { first?: number; last?: number } = sizes;
        const asked = {
          order: 'asc',
          after,
          before,
          ...(last === undefined ? { first } : { last }),
        } as const;
        const shown = all.filter(({ row }) => isShown(row));
        const { rows, hasNextPage, hasPreviousPage } = relayPage(shown, asked);
        const { list } = listOf(isReversed ? items.toReversed() : items, atOnce);
        const args = readPageArguments({ ...sizes, after: from, before: to }, RULES);
        const options = { what: 'item', needsNext, isReversed, ...(isFiltered && { isShown }) };
        const page = await cutPage(list, args, options);
        expect(page.rows).toEqual(rows.map(({ row }) => row));
        const far = isReversed ? 'hasPreviousPage' : 'hasNextPage';
        const isOpen = !needsNext && page[far] === undefined;
        expect(page).toMatchObject({ hasNextPage, hasPreviousPage, ...(isOpen && { [far]: undefined }) });
      },
    );
  });

  it.each([
    ['after', encodeItemCursor('item-9')],
    ['before', 'item-9'],
  ])('does not begin or end %s an item that the list lacks', async (argument, cursor) => {
    const args = readPageArguments({ [argument]: cursor }, RULES);
    const options = { what: 'item', needsNext: false };
    const cut = (count: number) => cutPage(listOf(plain(count)).list, args, options);
    const reversed = cutPage(listOf(plain(9)).list, args, { ...options, isReversed: true });
    await expect(reversed).rejects.toThrow(`${argument}: "item-9" is not`);
    await expect(cut(9)).rejects.toThrow(InvalidCursorError);
    await expect(cut(9)).rejects.toThrow(`${argument}: "item-9" is not a item of this list`);
    expect((await cut(10)).rows).toHaveLength(argument === 'after' ? 0 : 9);
  });

  it.each([
    ['its first items', { first: 3 }, true, 1],
    ['a full page, and whether it is the last', { first: 5 }, true, 2],
    ['a full page alone', { first: 5 }, false, 1],
    ['nothing', { first: 0 }, false, 1],
    ['its last items', { last: 4 }, true, 11],
    ['items before one of them', { last: 2, before: 'item-12' }, true, 3],
    ['items behind one of them', { first: 3, after: 'item-12' }, true, 4],
  ])('is read no further than it takes for %s', async (_name, sizes, needsNext, requests) => {
    const { list, asked } = listOf(plain(50));
    await cutPage(list, readPageArguments(sizes, RULES), { what: 'item', needsNext });
    expect(asked).toHaveLength(requests);
  });
});

describe('A list that is read page by page', () => {
  it('reads each page once, whoever needs it', async () => {
    const { list, asked } = listOf(plain(22));
    const some = (count: number) => list.read(({ length }) => length >= count);
    const reads = await Promise.all([some(1), some(7), some(11), list.read(), some(3)]);
    expect(reads.map(({ items }) => items.length)).toEqual([5, 10, 15, 22, 5]);
    expect(asked).toEqual(['5', '10', '15', '20', '25']);
  });

  it('goes on by either parameter', async () => {
    const asked: string[] = [];
    const failedCheck = vi.fn<() => void>();
    const behind = (answers: Readonly<Record<string, unknown>>) => {
      const page = async (query: string) => {
        asked.push(query);
        const answer = answers[query.includes('after') ? 'after' : 'before'];
        if (answer instanceof Error) throw answer;
        return [answer];
      };
      const prove = ([one]: readonly unknown[]) => one === 'right' || null;
      return pageBehind('item 1', 'limit=5', { page, failedCheck }, prove);
    };
    const gone = (status: number) => new UpstreamError('UPSTREAM_REJECTED', 'no', { status });
    expect(await behind({ after: 'right' })).toBe(true);
    expect(await behind({ after: 'wrong', before: 'right' })).toBe(true);
    const error = { code: 'UPSTREAM_INVALID_RESPONSE', message: 'The list does not go on behind item 1' };
    await expect(behind({ after: 'wrong', before: 'wrong' })).rejects.toMatchObject(error);
    await expect(behind({ after: gone(404), before: 'right' })).rejects.toMatchObject(error);
    await expect(behind({ after: gone(500) })).rejects.toMatchObject({ status: 500 });
    const parameters = ['after', 'after', 'before', 'after', 'before', 'after', 'after'];
    expect(asked).toEqual(parameters.map((name) => `limit=5&${name}=item%201`));
    expect(failedCheck).toHaveBeenCalledTimes(3);
  });

  it('is not guessed where pages do not tell it', () => {
    const message = "The runs API gives 7 at a time, from which the whole list can't be told: why.";
    expect(partialList(7, 'why')).toMatchObject({ code: 'UPSTREAM_UNSUPPORTED', message });
  });
});
