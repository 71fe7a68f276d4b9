import type { RangeQuery } from '../lists/list.ts';
import type { Position } from '../lists/position.ts';
import type { Rows } from '../lists/rows.ts';
import { scanList } from './scan-list.ts';
import type { Window, WindowSources } from './window.ts';

/** A query for the rows of a window that follow a position, nearest first. */
export interface WindowQuery<Row, Filter> extends RangeQuery<Filter> {
  readonly window: Window<Row>;
  /** The list ends ahead of this position; null for its own end. */
  readonly until: Position | null;
}

/** The rows of a window that follow a position. */
export interface WindowRows<Row> {
  readonly rows: Rows<Row>;
  /** Whether there are as many rows as asked for, or no more. If not, the budget was spent. */
  readonly isWhole: boolean;
  /**
   * How many of the rows can be had by asking for just as many behind `resumeAfter`: no more others than
   * the budget lie among them. Rows that a large limit happened to bring may be further away.
   */
  readonly found: number;
  /** A position that every row follows that was asked for; null for the start of the list. */
  readonly resumeAfter: Position | null;
}

/** The limit of the first request where most rows may lie outside of the window, unless more are asked for. */
const MIN_ROWS = 100;

/**
 * Returns the rows of a window that follow a position. What lies in the window is read as it is where
 * no row of the span lies outside; rows that do are read a thousand at a time, and count.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function windowRows<Row, Filter>(
  query: WindowQuery<Row, Filter>,
  sources: WindowSources<Row, Filter>,
): Promise<WindowRows<Row>> {
  const { window, limit } = query;
  const { budget, list } = sources;
  const matching: Row[] = [];
  let found = 0;
  let { after: resumeAfter } = query;
  let next = Math.max(limit, window.isSparse ? MIN_ROWS : 1);
  let isFirst = true;
  /** Rows taken from the budget for the request in flight: as many of it as can't all be wanted. */
  let taken = 0;
  const nextLimit = (isFar: boolean): number => {
    const left = budget.left();
    if (!isFirst && left < 0) return 0;
    const wanted = Math.max(1, limit - matching.length);
    const rows = Math.min(list.maxRows, isFar ? list.maxRows : next, wanted + Math.max(0, left));
    taken = isFirst ? 0 : Math.max(0, rows - wanted);
    budget.spend(taken);
    isFirst = false;
    return rows;
  };
  for await (const { rows, fresh, read, ...end } of scanList({ ...query, nextLimit }, sources)) {
    const allowed = budget.own() + taken;
    budget.spend(read - rows.length - taken);
    if (matching.length === 0) resumeAfter = end.resumeAfter;
    found += budget.own() < 0 ? countBefore(allowed, fresh, rows) : rows.length;
    for (const row of rows) matching.push(row);
    if (end.isLast || matching.length >= limit) {
      return { rows: matching.slice(0, limit), isWhole: true, found, resumeAfter };
    }
    next = rows.length === read ? limit - matching.length : list.maxRows;
  }
  return { rows: matching, isWhole: false, found, resumeAfter };
}

/** Counts the rows of a window, some of `fresh`, that come before more than `allowed` others. */
function countBefore<Row>(allowed: number, fresh: readonly Row[], rows: readonly Row[]): number {
  let others = 0;
  let count = 0;
  for (const row of fresh) {
    if (row === rows[count]) count++;
    else if (++others > allowed) break;
  }
  return count;
}
