import { InvalidCursorError } from '../list-errors.ts';
import type { Page } from '../pages/build-page.ts';
import type { CursorTarget } from '../pages/cursor.ts';
import type { PageArguments } from '../pages/page-arguments.ts';
import type { ItemList } from './item-list.ts';

export interface CutOptions<Row> {
  /** The name of an item in messages, such as `step`. */
  readonly what: string;
  /** Selects the items that a page may contain; the other items are valid cursors all the same. @default all */
  readonly isShown?: ((item: Row) => boolean) | undefined;
  /** Whether the list is read from its end, the last item first. @default false */
  readonly isReversed?: boolean;
  /** Whether the flag of the side that may be unread, `hasNextPage` unless the list is reversed, must be determined. */
  readonly needsNext: boolean;
}

/**
 * Cuts a page out of a list of items with unique ids, which is read as far as the page needs. The flags of an empty page
 * tell whether items lie on either side of its start.
 *
 * @throws InvalidCursorError for a cursor whose item is not in the list
 */
export async function cutPage<Row extends { readonly id: string }>(
  list: ItemList<Row>,
  page: PageArguments,
  { what, isShown = () => true, isReversed = false, needsNext }: CutOptions<Row>,
): Promise<Page<Row>> {
  const cutOf = (read: readonly Row[]) => cut(isReversed ? read.toReversed() : read, page, isShown);
  const { items, isWhole } = await list.read((some) => {
    const { missing, shown, from, to } = cutOf(some);
    const isFull = (page.direction === 'backward') === isReversed && to - from === page.size;
    const [far, hasMore] = isReversed ? [page.after, from > 0] : [page.before, to < shown.length];
    return missing.length === 0 && (far !== null || isFull) && (!needsNext || hasMore);
  });
  const { missing, shown, from, to } = cutOf(items);
  const argument = missing.at(isReversed ? -1 : 0);
  // The error names the id, since an encoded cursor says nothing.
  if (argument !== undefined)
    throw new InvalidCursorError(argument, idOf(page[argument]), `is not a ${what} of this list`);
  const known = (flag: boolean) => (isWhole || flag ? flag : undefined);
  return {
    rows: shown.slice(from, to),
    hasPreviousPage: isReversed ? known(from > 0) : from > 0,
    hasNextPage: isReversed ? to < shown.length : known(to < shown.length),
  };
}

/** Returns where the page lies among the items that are shown, and the arguments whose items are missing. */
function cut<Row extends { readonly id: string }>(
  items: readonly Row[],
  { direction, size, after, before }: PageArguments,
  isShown: (item: Row) => boolean,
) {
  const indexOf = (target: CursorTarget | null): number | undefined =>
    target === null ? undefined : items.findIndex(({ id }) => id === idOf(target));
  const at = { after: indexOf(after), before: indexOf(before) };
  const missing = (['after', 'before'] as const).filter((argument) => at[argument] === -1);
  /** The number of shown items among the first `count` items. */
  const shownAmong = (count: number): number => items.slice(0, count).filter(isShown).length;
  const shown = items.filter(isShown);
  const start = at.after === undefined ? 0 : shownAmong(at.after + 1);
  const end = at.before === undefined ? shown.length : shownAmong(at.before);
  const [from, to] =
    direction === 'forward'
      ? [start, Math.max(start, Math.min(start + size, end))]
      : [Math.min(end, Math.max(end - size, start)), end];
  return { missing, shown, from, to };
}

function idOf(target: CursorTarget | null): string {
  return target?.type === 'position' ? target.position.id : (target?.id ?? '');
}
