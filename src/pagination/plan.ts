import type { Position } from './position.ts';

/** The page asked for, once its cursors have been found: positions instead of texts. */
export interface PageBounds {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  readonly after: Position | null;
  readonly before: Position | null;
}

/** Which answers the client asked for; what isn't needed costs no request. */
export interface PageNeeds {
  readonly rows: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A range of rows to ask for: those that follow `from`, nearest first. */
export interface RangeQuery {
  /** Null: from the end of the list that the query starts at. */
  readonly from: Position | null;
  /** Whether it runs against the list's order, from its end towards its start. */
  readonly reversed: boolean;
  /** Rows, at least 1. */
  readonly limit: number;
}

/**
 * What to ask the upstream for one page: at most three range queries, independent of each other, so
 * that they can run at once.
 *
 * Whether rows lie *behind* the query's start, or *beyond* the page where the page can't be asked
 * for with one row more, is told by the outermost row of the list: rows lie before a position
 * exactly when the list's first row does. That holds whether or not an item still has the position,
 * and needs no cursor.
 */
export interface PagePlan {
  readonly bounds: PageBounds;
  readonly page: RangeQuery | null;
  readonly firstRow: RangeQuery | null;
  readonly lastRow: RangeQuery | null;
}

/** @param maxRows of one answer of the upstream */
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
