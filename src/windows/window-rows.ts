import type { Position } from '../lists/position.ts';
import { type ScannedRows, scanList } from './scan-list.ts';
import type { WindowRequest, WindowSources } from './window.ts';

/** The rows of a window that follow a position. */
export interface WindowRows<Row> {
  readonly rows: readonly Row[];
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
  request: WindowRequest<Row, Filter> & { readonly limit: number },
  sources: WindowSources<Row, Filter>,
): Promise<WindowRows<Row>> {
  const { window, limit } = request;
  const { budget, list } = sources;
  const rows: Row[] = [];
  let found = 0;
  let { after: resumeAfter } = request;
  let next = Math.max(limit, window.isSparse ? MIN_ROWS : 1);
  let isFirst = true;
  /** Rows taken from the budget for the request in flight: as many of it as can't all be wanted. */
  let taken = 0;
  const nextLimit = (isFar: boolean): number => {
    const left = budget.left();
    if (!isFirst && left < 0) return 0;
    const wanted = Math.max(1, limit - rows.length);
    const asked = Math.min(list.maxRows, isFar ? list.maxRows : next, wanted + Math.max(0, left));
    taken = isFirst ? 0 : Math.max(0, asked - wanted);
    budget.spend(taken);
    isFirst = false;
    return asked;
  };
  for await (const scanned of scanList(request, nextLimit, sources)) {
    const allowed = budget.own() + taken;
    const others = scanned.count - scanned.rows.length;
    budget.spend(others - taken);
    if (rows.length === 0) {
      const [first] = scanned.rows;
      const before =
        first === undefined ? scanned.read.at(-1) : scanned.read[scanned.read.indexOf(first) - 1];
      resumeAfter = before === undefined ? scanned.after : list.positionOf(before);
    }
    found += budget.own() < 0 ? countBefore(allowed, scanned) : scanned.rows.length;
    for (const row of scanned.rows) rows.push(row);
    if (scanned.isLast || rows.length >= limit) {
      return { rows: rows.slice(0, limit), isWhole: true, found, resumeAfter };
    }
    next = others === 0 ? limit - rows.length : list.maxRows;
  }
  return { rows, isWhole: false, found, resumeAfter };
}

/** Counts the rows of a window that come before more than `allowed` others. */
function countBefore<Row>(allowed: number, { read, rows }: ScannedRows<Row>): number {
  let others = 0;
  let count = 0;
  for (const row of read) {
    if (row === rows[count]) count++;
    else if (++others > allowed) break;
  }
  return count;
}
