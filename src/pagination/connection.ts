import type { PagePlan } from './plan.ts';
import { comparePositions, type Position } from './position.ts';

/** The rows that the scans of a plan brought, each in its scan's own order. */
export interface PageAnswers<Row> {
  readonly page: readonly Row[];
  readonly firstRow: readonly Row[];
  readonly lastRow: readonly Row[];
}

/** A page in the list's order. A flag that the plan didn't ask for is undefined, never a guess. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean | undefined;
  readonly hasPreviousPage: boolean | undefined;
}

export interface ListOrder<Row> {
  readonly order: 'asc' | 'desc';
  readonly positionOf: (row: Row) => Position;
}

/**
 * Cuts the page out of what the scans brought. An empty page stands right behind its window's
 * start (`after` when paging forward, `before` when paging backward), and its flags tell whether
 * runs lie on either side of that place.
 */
export function connect<Row>(plan: PagePlan, answers: PageAnswers<Row>, list: ListOrder<Row>): Page<Row> {
  const { window } = plan;
  const forward = window.direction === 'forward';
  const [from, until] = forward ? [window.after, window.before] : [window.before, window.after];
  // Positive when `a` is further along the scan than `b`.
  const sign = (list.order === 'asc') === forward ? 1 : -1;
  const further = (a: Position, b: Position) => sign * comparePositions(a, b);

  const end =
    until === null ? -1 : answers.page.findIndex((row) => further(list.positionOf(row), until) >= 0);
  const inside = end === -1 ? answers.page : answers.page.slice(0, end);
  const rows = inside.slice(0, window.size);

  const [behindScan, beyondScan] = forward ? [plan.firstRow, plan.lastRow] : [plan.lastRow, plan.firstRow];
  const [behindRow, beyondRow] = forward
    ? [answers.firstRow[0], answers.lastRow[0]]
    : [answers.lastRow[0], answers.firstRow[0]];

  const beyond = (): boolean | undefined => {
    if (answers.page.length > rows.length) return true;
    if (plan.page !== null && answers.page.length < plan.page.limit) return false;
    if (beyondScan === null) return undefined;
    const last = rows.at(-1);
    const edge = last === undefined ? from : list.positionOf(last);
    return beyondRow !== undefined && (edge === null || further(list.positionOf(beyondRow), edge) > 0);
  };
  const behind = (): boolean | undefined => {
    if (from === null) return false;
    if (behindScan === null) return undefined;
    return behindRow !== undefined && further(list.positionOf(behindRow), from) <= 0;
  };

  return {
    rows: forward ? rows : rows.toReversed(),
    hasNextPage: forward ? beyond() : behind(),
    hasPreviousPage: forward ? behind() : beyond(),
  };
}
