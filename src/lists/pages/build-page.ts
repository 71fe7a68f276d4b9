import type { ListDefinition, Rows } from '../list.ts';
import { comparePositions, type Position, signOf } from '../position.ts';
import type { PagePlan } from './plan-page.ts';

/** The rows of the ranges that a plan requests, each in the order of its request. */
export interface PageRanges<Row> {
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
 * Builds the page from the ranges that its plan requests. The flags of an empty page tell whether there are rows on either side
 * of its start: of `after` when paging forward, of `before` when paging backward.
 */
export function buildPage<Row>(
  plan: PagePlan<unknown>,
  { page, behind, beyond }: PageRanges<Row>,
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): Page<Row> {
  const { from, until } = plan;
  const sign = signOf(plan.order);
  /** Positive if `a` comes after `b` in the order in which the page was read. */
  const compare = (a: Position, b: Position): number => sign * comparePositions(a, b);

  const ahead = page.slice(0, plan.size);
  const end = until === null ? -1 : Array.from(ahead, positionOf).findIndex((at) => compare(at, until) >= 0);
  const rows = end === -1 ? ahead : ahead.slice(0, end);

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
