import type { ListDefinition, ListRequest, Rows } from '../list.ts';
import { comparePositions, opposite, type Order, type Position, signOf } from '../position.ts';
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
 * The requests for a page, at most three at once, in the direction of the page, so backward for `last`. There are rows
 * before a position exactly if the first row of the list is before it, even if no row has the position any more.
 */
export interface PagePlan<Filter> extends Pick<PageArguments, 'direction' | 'size'> {
  /** The order in which the page is read. */
  readonly order: Order;
  /** The position of the cursor that the page starts at. */
  readonly from: Position | null;
  /** The position of the other cursor, ahead of which the page ends. */
  readonly until: Position | null;
  readonly page: ListRequest<Filter> | null;
  /** Asks for the first row of the list, which tells whether there are rows before the page. */
  readonly behind: ListRequest<Filter> | null;
  /** Asks for the last row of the list, if the page is too large to ask for one row more. */
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

/** The rows that the requests of a plan brought, each in the order of its request. */
export interface PageAnswers<Row> {
  readonly page: Rows<Row>;
  readonly behind: Rows<Row>;
  readonly beyond: Rows<Row>;
}

/** A page in list order. A flag that the plan didn't determine is undefined, never a guess. */
export interface Page<Row> {
  readonly rows: Rows<Row>;
  readonly hasNextPage: boolean | undefined;
  readonly hasPreviousPage: boolean | undefined;
}

/**
 * Builds the page from the answers to its plan. The flags of an empty page tell whether there are rows on either side
 * of its start: of `after` when paging forward, of `before` when paging backward.
 */
export function connect<Row>(
  plan: PagePlan<unknown>,
  { page, behind, beyond }: PageAnswers<Row>,
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): Page<Row> {
  const { from, until } = plan;
  const sign = signOf(plan.order);
  /** Positive if `a` comes after `b` in the order in which the page was read. */
  const compare = (a: Position, b: Position): number => sign * comparePositions(a, b);

  let end = Math.min(plan.size, page.length);
  if (until !== null) end = countWhile(page, end, (row) => compare(positionOf(row), until) < 0);
  const rows = page.slice(0, end);

  const isBehind = (): boolean | undefined => {
    if (from === null) return false;
    if (plan.behind === null) return undefined;
    const first = behind.at(0);
    return first !== undefined && compare(positionOf(first), from) <= 0;
  };
  const isBeyond = (): boolean | undefined => {
    if (page.length > rows.length) return true;
    if (plan.page !== null && page.length < plan.page.limit) return false;
    const [pageEnd, listEnd] = [rows.at(-1), beyond.at(0)];
    if (plan.beyond === null || pageEnd === undefined) return undefined;
    return listEnd !== undefined && compare(positionOf(listEnd), positionOf(pageEnd)) > 0;
  };
  return plan.direction === 'forward'
    ? { rows, hasNextPage: isBeyond(), hasPreviousPage: isBehind() }
    : { rows: rows.toReversed(), hasNextPage: isBehind(), hasPreviousPage: isBeyond() };
}

/** Returns how many rows at the start meet a condition, at most `most`. */
function countWhile<Row>(rows: Rows<Row>, most: number, condition: (row: Row) => boolean): number {
  let count = 0;
  for (const row of rows) {
    if (count === most || !condition(row)) break;
    count++;
  }
  return count;
}
