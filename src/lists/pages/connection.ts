import { comparePositions, type Position } from '../position.ts';
import type { Rows } from '../rows.ts';
import type { PagePlan } from './plan.ts';

/** The results of the range queries of a plan, each in the order of its query. */
export interface PageAnswers<Row> {
  readonly page: Rows<Row>;
  readonly firstRow: Rows<Row>;
  readonly lastRow: Rows<Row>;
}

/** A page in list order. A flag that the plan didn't determine is undefined, never a guess. */
export interface Page<Row> {
  readonly rows: Rows<Row>;
  readonly hasNextPage: boolean | undefined;
  readonly hasPreviousPage: boolean | undefined;
}

export interface ListOrder<Row> {
  readonly order: 'asc' | 'desc';
  readonly positionOf: (row: Row) => Position;
}

/**
 * Builds the page from the results of the range queries. An empty page has the position of its start
 * (`after` when paging forward, `before` when paging backward), and its flags tell whether there are
 * rows on either side of that position.
 */
export function connect<Row>(plan: PagePlan, answers: PageAnswers<Row>, list: ListOrder<Row>): Page<Row> {
  const { bounds } = plan;
  const forward = bounds.direction === 'forward';
  const [from, until] = forward ? [bounds.after, bounds.before] : [bounds.before, bounds.after];
  // Positive if `a` is further along the query than `b`.
  const sign = (list.order === 'asc') === forward ? 1 : -1;
  const further = (a: Position, b: Position) => sign * comparePositions(a, b);

  let end = Math.min(bounds.size, answers.page.length);
  if (until !== null) end = countWhile(answers.page, end, (row) => further(list.positionOf(row), until) < 0);
  const rows = answers.page.slice(0, end);

  const [behindQuery, beyondQuery] = forward ? [plan.firstRow, plan.lastRow] : [plan.lastRow, plan.firstRow];
  const [behindRow, beyondRow] = forward
    ? [answers.firstRow.at(0), answers.lastRow.at(0)]
    : [answers.lastRow.at(0), answers.firstRow.at(0)];

  const beyond = (): boolean | undefined => {
    if (answers.page.length > rows.length) return true;
    if (plan.page !== null && answers.page.length < plan.page.limit) return false;
    const last = rows.at(-1);
    if (beyondQuery === null || last === undefined) return undefined;
    return beyondRow !== undefined && further(list.positionOf(beyondRow), list.positionOf(last)) > 0;
  };
  const behind = (): boolean | undefined => {
    if (from === null) return false;
    if (behindQuery === null) return undefined;
    return behindRow !== undefined && further(list.positionOf(behindRow), from) <= 0;
  };

  return {
    rows: forward ? rows : rows.toReversed(),
    hasNextPage: forward ? beyond() : behind(),
    hasPreviousPage: forward ? behind() : beyond(),
  };
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
