import type { ListRequest } from '../list.ts';
import { opposite, type Order, type Position } from '../position.ts';
import type { PageArguments } from './page-arguments.ts';

/** The arguments of a field that returns a page of a list, validated. */
export interface ListArguments<Filter> extends PageArguments {
  readonly filter: Filter;
  readonly order: Order;
}

/** The parts of a page that the client selected; no request is sent for the other parts. */
export interface PageNeeds {
  readonly rows: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The positions of a page's cursors. */
export type CursorPositions = readonly [after: Position | null, before: Position | null];

/**
 * The requests for a page, at most three in parallel, in the direction of the page: backward for `last`. Rows lie before
 * a position exactly if the first row of the list does, even if no row has the position any more.
 */
export interface PagePlan<Filter> extends Pick<PageArguments, 'direction' | 'size'> {
  /** The order in which the page is read. */
  readonly order: Order;
  /** The position of the cursor that the page starts at. */
  readonly from: Position | null;
  /** The position of the other cursor, ahead of which the page ends. */
  readonly until: Position | null;
  readonly page: ListRequest<Filter> | null;
  /** The request for the first row of the list, which shows whether there are rows before the page. */
  readonly behind: ListRequest<Filter> | null;
  /** The request for the last row of the list, if the page is too large for one row more. */
  readonly beyond: ListRequest<Filter> | null;
}

/** Plans the requests for a page. @param maxRows the maximum number of rows of one request */
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
