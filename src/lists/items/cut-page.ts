import { InvalidCursorError } from '../errors.ts';
import type { Page } from '../pages/connection.ts';
import type { CursorTarget } from '../pages/cursor.ts';
import type { PageArguments } from '../pages/page-arguments.ts';
import type { ItemList } from './item-list.ts';

/** An item of a list; its id is unique there. */
interface Item {
  readonly id: string;
}

export interface CutOptions<Row> {
  /** What an item is called, such as `step`. */
  readonly what: string;
  /** Which items the page is cut from, all by default; the others still are positions for cursors. */
  readonly isShown?: ((item: Row) => boolean) | undefined;
  /** Whether `hasNextPage` is needed; if not, it may be undefined. */
  readonly needsNext: boolean;
}

/**
 * Cuts a page out of a list, of which no more is read than decides it. As in lists of which only pages are
 * known, an empty page has the position of its start, and its flags tell whether there are items on either side of
 * it.
 *
 * @throws InvalidCursorError for a cursor whose item is not in the list
 */
export async function cutPage<Row extends Item>(
  list: ItemList<Row>,
  page: PageArguments,
  { what, isShown = () => true, needsNext }: CutOptions<Row>,
): Promise<Page<Row>> {
  if (page.direction === 'backward' && page.after === null && page.before === null) {
    const rows = await lastRows(list, page.size, isShown);
    if (rows !== undefined) return { rows, hasPreviousPage: true, hasNextPage: false };
  }
  const { items, isWhole } = await list.read(
    (some) => {
      if (missingCursor(some, page) !== undefined) return false;
      const { shown, start, to } = placeOf(some, page, isShown);
      const isDecided = page.before !== null || (page.direction === 'forward' && to === start + page.size);
      return isDecided && (!needsNext || to < shown.length);
    },
    page.after !== null || page.before !== null,
  );
  const missing = missingCursor(items, page);
  // By its id, whichever way it was given: that of a cursor tells more than the cursor.
  if (missing !== undefined) throw new InvalidCursorError(...missing, `is not a ${what} of this list`);
  const { shown, from, to } = placeOf(items, page, isShown);
  return {
    rows: shown.slice(from, to),
    hasPreviousPage: from > 0,
    hasNextPage: isWhole || to < shown.length ? to < shown.length : undefined,
  };
}

/** Returns the last rows of a list that isn't read as a whole, if it has more than these and they can be told. */
async function lastRows<Row>(
  list: ItemList<Row>,
  size: number,
  isShown: (item: Row) => boolean,
): Promise<readonly Row[] | undefined> {
  const { isWhole } = await list.read((some) => some.length > 0);
  if (isWhole) return undefined;
  const shown = (await list.readLast(size + 1))?.filter(isShown) ?? [];
  return shown.length > size ? shown.slice(shown.length - size) : undefined;
}

/** Returns where the page lies among the items that are shown. Both cursors must be there. */
function placeOf<Row extends Item>(
  items: readonly Row[],
  { direction, size, after, before }: PageArguments,
  isShown: (item: Row) => boolean,
) {
  const shown = items.filter(isShown);
  /** The number of shown items among the first ones. */
  const shownAmong = (count: number): number => items.slice(0, count).filter(isShown).length;
  const start = after === null ? 0 : shownAmong(indexOf(items, after) + 1);
  const end = before === null ? shown.length : shownAmong(indexOf(items, before));
  const [from, to] =
    direction === 'forward'
      ? [start, Math.max(start, Math.min(start + size, end))]
      : [Math.min(end, Math.max(end - size, start)), end];
  return { shown, start, from, to };
}

/** Returns the argument whose item is not among these, with its id. */
function missingCursor(
  items: readonly Item[],
  page: PageArguments,
): readonly [argument: string, id: string] | undefined {
  for (const argument of ['after', 'before'] as const) {
    const target = page[argument];
    if (target !== null && indexOf(items, target) === -1) return [argument, idOf(target)];
  }
  return undefined;
}

function indexOf(items: readonly Item[], target: CursorTarget): number {
  const id = idOf(target);
  return items.findIndex((item) => item.id === id);
}

function idOf(target: CursorTarget): string {
  return target.kind === 'id' ? target.id : target.position.id;
}
