import type { Position } from '../position.ts';

/** The requested page, with its cursors resolved to positions. */
export interface PageBounds {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly after: Position | null;
  readonly before: Position | null;
}

/** The parts of a page that the client selected; parts that aren't needed cost no requests. */
export interface PageNeeds {
  readonly rows: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A query for the rows that follow `from`, nearest first. */
export interface PartQuery {
  /** Null starts at the outermost row. */
  readonly from: Position | null;
  /** Whether it runs against the order of the list, from its end to its start. */
  readonly reversed: boolean;
  /** The maximum number of rows, at least 1. */
  readonly limit: number;
}

/**
 * The range queries for one page: at most three, independent of each other, so that they can run
 * concurrently.
 *
 * Whether there are rows *behind* the query's start, or *beyond* the page if it can't be requested
 * with one extra row, follows from the outermost row of the list: there are rows before a position
 * exactly if the first row of the list is before it. That holds even if no item has the position any
 * more, and needs no cursor.
 */
export interface PagePlan {
  readonly bounds: PageBounds;
  readonly page: PartQuery | null;
  readonly firstRow: PartQuery | null;
  readonly lastRow: PartQuery | null;
}

/** Plans the range queries for a page. @param maxRows the maximum number of rows per query */
export function planPage(bounds: PageBounds, needs: PageNeeds, maxRows: number): PagePlan {
  const forward = bounds.direction === 'forward';
  const from = forward ? bounds.after : bounds.before;
  const needsBeyond = forward ? needs.hasNextPage : needs.hasPreviousPage;
  const needsBehind = (forward ? needs.hasPreviousPage : needs.hasNextPage) && from !== null;
  const needsPage = needs.rows || needsBeyond;

  const limit = needsPage ? Math.min(bounds.size + (needsBeyond ? 1 : 0), maxRows) : 0;
  const beyondByOutermost = needsBeyond && limit === bounds.size;
  const [needsFirstRow, needsLastRow] = forward
    ? [needsBehind, beyondByOutermost]
    : [beyondByOutermost, needsBehind];
  return {
    bounds,
    page: limit === 0 ? null : { from, reversed: !forward, limit },
    firstRow: needsFirstRow ? { from: null, reversed: false, limit: 1 } : null,
    lastRow: needsLastRow ? { from: null, reversed: true, limit: 1 } : null,
  };
}
