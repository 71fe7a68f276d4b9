import type { Position } from '../position.ts';
import { scanList } from './scan-list.ts';
import type { WindowRequest, WindowSources } from './window.ts';

/** The rows of a window that follow a position. */
export interface WindowRows<Row> {
  readonly rows: readonly Row[];
  /** Whether `rows` has as many rows as requested, or all of them. If not, the budget was spent. */
  readonly isWhole: boolean;
  /** How many rows a new request after `resumeAfter`, for exactly so many rows, would find within the budget. */
  readonly found: number;
  /** A position that all rows of the request follow; null for the start of the list. */
  readonly resumeAfter: Position | null;
}

/** The least limit of the first request where most rows may lie outside of the window. */
const MIN_SPARSE_ROWS = 100;

/**
 * Returns the rows of a window that follow a position.
 *
 * @param maxRowsRead the most rows of the list that may be read
 * @param isEnough whether no row is needed after a row of the window
 * @throws UpstreamError; VanishedPositionError if the row at `after` is gone; UnsupportedError for bounds
 *   of durations where lists don't show them
 */
export async function searchWindow<Row, Filter>(
  request: WindowRequest<Row, Filter>,
  sources: WindowSources<Row, Filter>,
  maxRowsRead = sources.budget.rows + request.limit,
  isEnough?: (row: Row) => boolean,
): Promise<WindowRows<Row>> {
  const { window, limit } = request;
  const { list, budget } = sources;
  const rows: Row[] = [];
  let { after: resumeAfter } = request;
  let [found, mismatches, rowsLeft, reserved] = [0, 0, maxRowsRead, 0];
  let wanted = Math.max(limit, window.isSparse ? MIN_SPARSE_ROWS : 0);
  /** Reserves the rows of the next request in the budget that all fields share, since they search at the same time. */
  const reserveRows = (isFar: boolean): number => {
    const shared = rowsLeft === maxRowsRead ? Infinity : Math.max(0, budget.shared);
    reserved = Math.min(list.maxRows, isFar ? Infinity : wanted, rowsLeft, shared);
    budget.shared -= reserved;
    rowsLeft -= reserved;
    return reserved;
  };
  for await (const { after, read, isEnd } of scanList(request, reserveRows, sources)) {
    // The reserved rows that the list lacks, or that lie past the window, are free for other fields.
    budget.shared += reserved - read.length;
    if (rows.length === 0) resumeAfter = after;
    for (const row of read) {
      if (window.matches(row)) {
        rows.push(row);
        // A request for just these rows may read `budget.rows` rows that don't match.
        if (mismatches <= budget.rows) found = rows.length;
        if (rows.length === limit || isEnough?.(row) === true)
          return { rows, isWhole: true, found, resumeAfter };
      } else {
        mismatches += 1;
        if (rows.length === 0) resumeAfter = list.positionOf(row);
      }
    }
    if (isEnd || rows.length === limit) return { rows, isWhole: true, found, resumeAfter };
    wanted = window.isSparse || rows.length === 0 ? Infinity : limit - rows.length;
  }
  return { rows, isWhole: false, found, resumeAfter };
}
