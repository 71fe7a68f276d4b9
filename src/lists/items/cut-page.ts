import { InvalidCursorError } from '../errors.ts';
import type { Page } from '../pages/build-page.ts';
import type { CursorTarget } from '../pages/cursor.ts';
import type { PageArguments } from '../pages/page-arguments.ts';
import type { ItemList } from './item-list.ts';

/** An item of a list; its id is unique there. */
interface Item {
  readonly id: string;
}

export interface CutOptions<Row> {
  /** The name of an item in messages, such as `step`. */
  readonly what: string;
  /** Which items the page is cut from; other items still are positions for cursors. @default all */
  readonly isShown?: ((item: Row) => boolean) | undefined;
  /** Whether `hasNextPage` is needed; if not, it may be undefined. */
  readonly needsNext: boolean;
}

/**
 * Cuts a page out of a list, which is read as far as the page needs. The flags of an empty page tell whether items lie on
 * either side of its start.
 *
 * @throws InvalidCursorError for a cursor whose item is not in the list
 */
export async function cutPage<Row extends Item>(
  list: ItemList<Row>,
  page: PageArguments,
  { what, isShown = () => true, needsNext }: CutOptions<Row>,
): Promise<Page<Row>> {
  const { items, isWhole } = await list.read((some) => {
    const { missing, shown, start, to } = cut(some, page, isShown);
    const isFull = page.direction === 'forward' && to === start + page.size;
    return missing === undefined && (page.before !== null || isFull) && (!needsNext || to < shown.length);
  });
  const { missing, shown, from, to } = cut(items, page, isShown);
  // The message has the id, which tells more than the cursor.
  if (missing !== undefined) {
    throw new InvalidCursorError(missing, idOf(page[missing]), `is not a ${what} of this list`);
  }
  return {
    rows: shown.slice(from, to),
    hasPreviousPage: from > 0,
    hasNextPage: isWhole || to < shown.length ? to < shown.length : undefined,
  };
}

/** Returns where the page lies among the items that are shown, and the argument whose item is missing, if any. */
function cut<Row extends Item>(
  items: readonly Row[],
  { direction, size, after, before }: PageArguments,
  isShown: (item: Row) => boolean,
) {
  const indexOf = (target: CursorTarget | null): number | undefined =>
    target === null ? undefined : items.findIndex(({ id }) => id === idOf(target));
  const at = { after: indexOf(after), before: indexOf(before) };
  const missing = (['after', 'before'] as const).find((argument) => at[argument] === -1);
  /** The number of shown items among the first `count` items. */
  const shownAmong = (count: number): number => items.slice(0, count).filter(isShown).length;
  const shown = items.filter(isShown);
  const start = at.after === undefined ? 0 : shownAmong(at.after + 1);
  const end = at.before === undefined ? shown.length : shownAmong(at.before);
  const [from, to] =
    direction === 'forward'
      ? [start, Math.max(start, Math.min(start + size, end))]
      : [Math.min(end, Math.max(end - size, start)), end];
  return { missing, shown, start, from, to };
}

function idOf(target: CursorTarget | null): string {
  return target?.type === 'position' ? target.position.id : (target?.id ?? '');
}
