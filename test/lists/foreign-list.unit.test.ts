import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import type { ListParameters, UncheckedPage } from '../../src/lists/list.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { loadPage } from '../../src/lists/pages/load-page.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { createDialectMemory } from '../../src/lists/ranges/dialect.ts';
import { createPageSizes } from '../../src/lists/ranges/page-sizes.ts';
import { ProvenList } from '../../src/lists/ranges/proven-list.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';

/** Books of a library, sorted by their number, of which three have the same; another API than Letta's has them. */
const BOOKS = Array.from({ length: 80 }, (_, index) => ({
  isbn: `isbn-${1000 + index}`,
  number: Math.floor(index / 3),
  shelf: index % 7 < 3 ? 'a' : 'b',
}));
type Book = (typeof BOOKS)[number];
type Filter = { readonly shelves?: readonly string[] };

const LIST = {
  row: 'a book',
  path: 'books',
  positionOf: ({ number, isbn }: Book) => ({ key: String(number).padStart(6, '0'), id: isbn }),
  cursors: { pattern: /^isbn-\d+$/, listedPattern: /^isbn-\d+$/, key: /^\d{6}$/ },
  filters: {
    shelves: {
      parameter: 'shelf',
      matches: ({ shelf }: Book, some: readonly string[]) => some.includes(shelf),
    },
  },
  maxRows: 50,
  defaultRows: 10,
};

const find = async (isbn: string) => BOOKS.find((book) => book.isbn === isbn) ?? null;

/** Its server takes 20 at a time, and ignores cursors that it doesn't know. */
class Library extends ProvenList<Book, Filter> {
  /** The parameter that brings what follows a book. */
  following: 'before' | 'after' = 'before';

  async page({ filter, order, limit, cursors = {} }: ListParameters<Filter>): Promise<UncheckedPage<Book>> {
    if (limit > 20) {
      const refusedParameters = [{ name: 'limit', max: 20 }];
      throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
    }
    const all = order === 'asc' ? BOOKS : BOOKS.toReversed();
    const indexOf = (id?: string) => all.findIndex(({ isbn }) => isbn === id);
    const { before, after } = cursors;
    const [from, to] = (this.following === 'before' ? [before, after] : [after, before]).map(indexOf);
    const page = all.slice((from ?? -1) + 1, to === -1 ? undefined : to);
    const rows = page.filter(({ shelf }) => filter.shelves?.includes(shelf) ?? true);
    return { rows: rows.slice(0, limit), orders: [] };
  }

  exists = async (isbn: string) => (await find(isbn)) !== null;
  understandsRepeatedKeys = async () => true;
}

const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const places = fc.tuple(maybe(fc.constantFrom(...BOOKS)), maybe(fc.constantFrom(...BOOKS)), fc.boolean());
const requests = fc.tuple(fc.nat(50), fc.boolean(), places, fc.boolean(), maybe(fc.constantFrom('a', 'b')));

it.each(['before', 'after'] as const)('Pages of books are exact where %s is behind', async (following) => {
  const dialect = createDialectMemory();
  const sizes = createPageSizes({ limit: 50, leastDoubted: 50 });
  const failedCheck = () => undefined;
  const repeatedKeys = { understood: true };
  const source = new Library(LIST, { dialect, sizes, repeatedKeys, maxPathBytes: 2000, failedCheck });
  source.following = following;
  await fc.assert(
    fc.asyncProperty(requests, async ([size, isForward, [from, to, asId], isAscending, shelf]) => {
      const textOf = (at?: Book) => at && (asId ? at.isbn : encodeCursor(LIST.positionOf(at)));
      const sized = isForward ? { first: size } : { last: size };
      const page = await loadPage(
        {
          page: readPageArguments({ ...sized, after: textOf(from), before: textOf(to) }, LIST),
          filter: shelf === undefined ? {} : { shelves: [shelf] },
          order: isAscending ? 'asc' : 'desc',
          needs: { rows: true, hasNextPage: true, hasPreviousPage: true },
        },
        { list: LIST, source, byId: { load: find, remember: () => undefined } },
      );
      const all = isAscending ? BOOKS : BOOKS.toReversed();
      const isOnShelf = (book: Book) => shelf === undefined || book.shelf === shelf;
      const expected = relayPage(all, isOnShelf, { ...sized, after: from, before: to });
      expect({ ...page, rows: [...page.rows] }).toEqual(expected);
    }),
    { numRuns: propertyRuns(500) },
  );
  expect(dialect.known).toBe(following === 'before' ? 'reversed' : 'documented');
});
