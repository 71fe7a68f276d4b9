import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import type { FilterOf } from '../../src/lists/filters.ts';
import type { ListDefinition, RequestPage } from '../../src/lists/list.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { loadPage } from '../../src/lists/pages/load-page.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { createDialectMemory } from '../../src/lists/ranges/dialect.ts';
import { createPageSizes } from '../../src/lists/ranges/page-sizes.ts';
import { ProvenList } from '../../src/lists/ranges/proven-list.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';

/** A list of another API: books, sorted by their number, found by their shelf. */
interface Book {
  readonly isbn: string;
  readonly number: number;
  readonly shelf: 'a' | 'b';
}

const FILTERS = {
  shelves: {
    parameter: 'shelf',
    matches: ({ shelf }: Book, shelves: readonly string[]) => shelves.includes(shelf),
  },
} as const;
type Filter = FilterOf<typeof FILTERS>;

const BOOKS: ListDefinition<Book> = {
  row: 'a book',
  path: 'books',
  positionOf: ({ number, isbn }) => ({ key: String(number).padStart(6, '0'), id: isbn }),
  cursors: { pattern: /^isbn-\d+$/, listedPattern: /^isbn-\d+$/, key: /^\d{6}$/ },
  filters: FILTERS,
  maxRows: 50,
  defaultRows: 10,
};

/** Smallest number first, of which some are the same. */
const ALL: readonly Book[] = Array.from({ length: 80 }, (_, index) => ({
  isbn: `isbn-${1000 + index}`,
  number: Math.floor(index / 3),
  shelf: index % 7 < 3 ? 'a' : 'b',
}));

/** A server that takes 20 at a time; unknown cursors are ignored, as in APIs that can't be trusted. */
function serve(following: 'before' | 'after'): RequestPage<Book, Filter> {
  return async ({ filter, order, limit, cursors = {} }) => {
    if (limit > 20) {
      const refusedParameters = [{ name: 'limit', max: 20 }];
      throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
    }
    const all = order === 'asc' ? ALL : ALL.toReversed();
    const indexOf = (id: string | undefined): number => all.findIndex(({ isbn }) => isbn === id);
    const [from, to] = [
      indexOf(cursors[following]),
      indexOf(cursors[following === 'before' ? 'after' : 'before']),
    ];
    const { shelves } = filter;
    const rows = all
      .filter((_book, index) => index > from && (to === -1 || index < to))
      .filter(({ shelf }) => shelves === undefined || shelves.includes(shelf))
      .slice(0, limit);
    return { rows, orders: [] };
  };
}

const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });

it.each(['before', 'after'] as const)(
  'Pages of another list are exact, where %s brings what follows',
  async (following) => {
    const find = async (id: string) => ALL.find(({ isbn }) => isbn === id) ?? null;
    const memory = {
      dialect: createDialectMemory(),
      sizes: createPageSizes({ limit: 50, leastDoubted: 50 }),
      repeatedKeys: { understood: true },
      maxPathBytes: 2000,
      failedCheck: () => undefined,
    };
    const endpoint = {
      page: serve(following),
      exists: async (id: string) => (await find(id)) !== null,
      understandsRepeatedKeys: async () => true,
    };
    const source = new ProvenList<Book, Filter>(BOOKS, endpoint, memory);
    const cursors = fc.tuple(
      optional(fc.nat(ALL.length - 1)),
      optional(fc.nat(ALL.length - 1)),
      fc.boolean(),
    );
    const requests = fc.tuple(
      fc.nat(50),
      fc.boolean(),
      cursors,
      fc.boolean(),
      optional(fc.constantFrom('a', 'b')),
    );
    await fc.assert(
      fc.asyncProperty(requests, async ([size, isForward, [from, to, asId], isAscending, shelf]) => {
        const all = isAscending ? ALL : ALL.toReversed();
        const [after, before] = [from, to].map((index) => (index === undefined ? undefined : all[index]));
        const textOf = (book: Book | undefined) =>
          book && (asId ? book.isbn : encodeCursor(BOOKS.positionOf(book)));
        const sizes = isForward ? { first: size } : { last: size };
        const page = await loadPage(
          {
            page: readPageArguments({ ...sizes, after: textOf(after), before: textOf(before) }, BOOKS),
            filter: shelf === undefined ? {} : { shelves: [shelf] },
            order: isAscending ? 'asc' : 'desc',
            needs: { rows: true, hasNextPage: true, hasPreviousPage: true },
          },
          { list: BOOKS, source, byId: { load: find, remember: () => undefined } },
        );
        const expected = relayPage(all, (book) => shelf === undefined || book.shelf === shelf, {
          ...sizes,
          after,
          before,
        });
        expect({ ...page, rows: [...page.rows] }).toEqual(expected);
      }),
      { numRuns: propertyRuns(500) },
    );
    expect(memory.dialect.known).toBe(following === 'before' ? 'reversed' : 'documented');
  },
);
