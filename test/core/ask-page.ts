import { expect } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { InvalidCursorError, VanishedPositionError } from '../../src/lists/list-errors.ts';
import type { Rows } from '../../src/lists/list.ts';
import type { Page } from '../../src/lists/pages/build-page.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { loadPage } from '../../src/lists/pages/load-page.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import type { CursorAt, PageCase } from './arbitraries.ts';
import { type FakeList, type Filter, LIST, matches, type Row } from './fake-list.ts';
import { type Asked, relayPage } from './relay-model.ts';

export const ALL = { rows: true, hasNextPage: true, hasPreviousPage: true } as const;

/** The arguments of a page as a client sends them, and what they mean. */
export interface Arguments {
  readonly asked: Asked;
  readonly texts: { readonly after: string | undefined; readonly before: string | undefined };
}

/** @param rows those that cursors are of */
export function argumentsOf(
  { order, size, after, before }: Pick<PageCase, 'order' | 'size' | 'after' | 'before'>,
  rows: readonly Row[],
): Arguments {
  const rowAt = (cursor?: CursorAt) => cursor && rows[cursor.at % Math.max(1, rows.length)];
  const textOf = (cursor?: CursorAt) => {
    const row = rowAt(cursor);
    // An id that only occurs in cursors is not one that clients may send.
    return row && (cursor?.asId === true && row.id.startsWith('row-') ? row.id : encodeCursor(row));
  };
  const { first, last }: { first?: number; last?: number } = size;
  const sizes = last === undefined ? { first: first ?? LIST.defaultRows } : { last };
  return {
    asked: { order, ...sizes, after: rowAt(after), before: rowAt(before) },
    texts: { after: textOf(after), before: textOf(before) },
  };
}

export type Request = Pick<PageCase, 'order' | 'size'> & Partial<Pick<PageCase, 'filter' | 'needs'>>;

/** Loads a page as a field of the schema does. */
export function loadFrom(
  list: FakeList,
  { order, size, filter = {}, needs = ALL }: Request,
  texts: Partial<Arguments['texts']>,
  load: typeof loadPage<Row, Filter> = loadPage,
): Promise<Page<Row>> {
  const byId = {
    load: (id: string) => list.find(id),
    remember: (rows: Rows<Row>) => void list.remembered.push(...rows),
  };
  const page = readPageArguments({ ...size, ...texts }, list.list);
  const { readRange } = list;
  return load({ ...page, filter, order }, needs, { list: list.list, readRange, byId });
}

/** Expects what was selected of a page. */
export function expectPage(
  page: Page<Row>,
  rows: readonly Row[],
  asked: Asked,
  { filter = {}, needs = ALL }: Partial<Pick<PageCase, 'filter' | 'needs'>> = {},
): void {
  const wanted = rows.filter((row) => matches(row, filter));
  const expected = relayPage(wanted, asked);
  if (needs.rows) expect([...page.rows]).toEqual(expected.rows);
  for (const flag of ['hasNextPage', 'hasPreviousPage'] as const) {
    if (needs[flag]) expect([flag, page[flag]]).toEqual([flag, expected[flag]]);
  }
}

/** A page without the flags that nobody selected. */
export function selectedOf({ rows, ...flags }: Page<Row>, needs: PageCase['needs']): Page<Row> {
  const flag = (name: keyof typeof flags) => (needs[name] ? flags[name] : undefined);
  return { rows, hasNextPage: flag('hasNextPage'), hasPreviousPage: flag('hasPreviousPage') };
}

/** Expects an error that tells of a deleted row: one that a cursor names, or that the list was read on from. */
export function expectDeleted(error: unknown, asked: Asked, list: FakeList): void {
  if (error instanceof UpstreamError && error.cause instanceof VanishedPositionError) {
    expect(error.extensions).toMatchObject({ retryable: true });
    expect(error.messageFor(false)).toBe('The list changed while it was read. Ask again.');
  } else {
    if (!(error instanceof InvalidCursorError)) throw error;
    const { argument } = error.extensions as { argument: 'after' | 'before' };
    expect(asked[argument]).toBeDefined();
    expect(list.rows.map(({ id }) => id)).not.toContain(asked[argument]?.id);
  }
  expect(list.script.changes?.map(({ kind }) => kind)).toContain('vanishes');
}
