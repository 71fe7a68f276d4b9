import type { ListDefinition } from '../list.ts';
import { comparePositions, type Position, signOf } from '../position.ts';
import type { Rows } from '../rows.ts';
import type { PagePlan } from './plan.ts';

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
 * Builds the page from the answers to its plan. An empty page has the position of its start
 * (`after` when paging forward, `before` when paging backward), and its flags tell whether there are
 * rows on either side of that position.
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

/** Returns how many rows a condition holds for, from the first one on, of at most `most`. */
function countWhile<Row>(rows: Rows<Row>, most: number, condition: (row: Row) => boolean): number {
  let count = 0;
  for (const row of rows) {
    if (count === most || !condition(row)) break;
    count++;
  }
  return count;
}
