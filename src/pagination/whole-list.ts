import type { Page } from './connection.ts';
import type { CursorTarget } from './cursor.ts';
import { InvalidCursorError } from './errors.ts';
import type { PageArguments } from './page-arguments.ts';

/** An item of a list that is held as a whole; its id is unique there. */
interface Item {
  readonly id: string;
}

/**
 * Cuts a page out of a whole list. As in lists of which only pages are known, an empty page has the
 * position of its start, and its flags tell whether there are items on either side of it.
 *
 * @param what an item is called, such as `step`
 * @param isShown which items the page is cut from, all by default; the others still are positions for cursors
 * @throws InvalidCursorError for a cursor whose item is not in the list
 */
export function cutPage<Row extends Item>(
  items: readonly Row[],
  { direction, size, after, before }: PageArguments,
  what: string,
  isShown?: (item: Row) => boolean,
): Page<Row> {
  const shown = isShown === undefined ? items : items.filter(isShown);
  const indexOf = (argument: string, target: CursorTarget): number => {
    const id = target.kind === 'id' ? target.id : target.position.id;
    const index = items.findIndex((item) => item.id === id);
    if (index !== -1) return index;
    // By its id, whichever way it was given: that of a cursor tells more than the cursor.
    throw new InvalidCursorError(argument, id, `is not a ${what} of this list`);
  };
  /** The number of shown items among the first ones. */
  const shownAmong = (count: number): number =>
    isShown === undefined ? count : items.slice(0, count).filter(isShown).length;
  const start = after === null ? 0 : shownAmong(indexOf('after', after) + 1);
  const end = before === null ? shown.length : shownAmong(indexOf('before', before));
  const [from, to] =
    direction === 'forward'
      ? [start, Math.max(start, Math.min(start + size, end))]
      : [Math.min(end, Math.max(end - size, start)), end];
  return {
    rows: shown.slice(from, to),
    hasPreviousPage: from > 0,
    hasNextPage: to < shown.length,
  };
}
