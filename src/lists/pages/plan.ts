import type { ListRequest } from '../list.ts';
import { opposite, type Order, type Position } from '../position.ts';
import type { PageArguments } from './page-arguments.ts';

/** The arguments of a field that returns a page of a list, validated. */
export interface ListArguments<Filter> extends PageArguments {
  readonly filter: Filter;
  readonly order: Order;
}

/** The parts of a page that the client selected; parts that aren't needed cost no requests. */
export interface PageNeeds {
  readonly rows: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The positions of a page's cursors. */
export type CursorPositions = readonly [after: Position | null, before: Position | null];

/**
 * How a page is had: at most three requests, independent of each other, so that they can run concurrently.
 * They follow the list in the direction of the page, so backward for `last`.
 *
 * Whether there are rows *behind* the start of the page, or *beyond* its end if it can't be requested
 * with one extra row, follows from the outermost row of the list: there are rows before a position
 * exactly if the first row of the list is before it. That holds even if no item has the position any
 * more, and needs no cursor.
 */
export interface PagePlan<Filter> extends Pick<PageArguments, 'direction' | 'size'> {
  /** The order in which the page is read. */
  readonly order: Order;
  /** The position of the cursor that the page starts at. */
  readonly from: Position | null;
  /** The position of the other cursor, ahead of which the page ends. */
  readonly until: Position | null;
  readonly page: ListRequest<Filter> | null;
  /** Asks for the first row of the list. */
  readonly behind: ListRequest<Filter> | null;
  /** Asks for the last row of the list. */
  readonly beyond: ListRequest<Filter> | null;
}

/** Plans the requests for a page. @param maxRows the maximum number of rows of one */
export function planPage<Filter>(
  { direction, size, filter, order: listed }: ListArguments<Filter>,
  [after, before]: CursorPositions,
  { rows, hasNextPage, hasPreviousPage }: PageNeeds,
  maxRows: number,
): PagePlan<Filter> {
  const isForward = direction === 'forward';
  const order = isForward ? listed : opposite(listed);
  const from = isForward ? after : before;
  const needsBehind = (isForward ? hasPreviousPage : hasNextPage) && from !== null;
  const needsBeyond = isForward ? hasNextPage : hasPreviousPage;
  const limit = rows || needsBeyond ? Math.min(size + (needsBeyond ? 1 : 0), maxRows) : 0;
  return {
    direction,
    size,
    order,
    from,
    until: isForward ? before : after,
    page: limit === 0 ? null : { filter, order, after: from, limit },
    behind: needsBehind ? { filter, order, after: null, limit: 1 } : null,
    beyond: needsBeyond && limit === size ? { filter, order: opposite(order), after: null, limit: 1 } : null,
  };
}
