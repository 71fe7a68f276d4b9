import { MAX_PAGE_SIZE } from './page-arguments.ts';
import type { Position } from './position.ts';

/** A window whose cursors have been found: places instead of texts. */
export interface PlacedWindow {
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

/** A stretch of rows to ask for: those that follow `from`, nearest first. */
export interface PlannedScan {
  /** Null: from the end of the list that the scan starts at. */
  readonly from: Position | null;
  /** Whether the scan runs against the list's order, from its end towards its start. */
  readonly reversed: boolean;
  /** Rows, 1 to 1000. */
  readonly limit: number;
}

/**
 * What to ask the upstream for one page: at most three scans, independent of each other, so that
 * they can run at once.
 *
 * Whether rows lie *behind* the scan's start, or *beyond* the page where the page can't be asked
 * for with one row more, is told by the outermost row of the list: rows lie before a place exactly
 * when the list's first row does. That holds whether or not a run still stands at the place, and
 * needs no cursor.
 */
export interface PagePlan {
  readonly window: PlacedWindow;
  readonly page: PlannedScan | null;
  readonly firstRow: PlannedScan | null;
  readonly lastRow: PlannedScan | null;
}

export function planPage(window: PlacedWindow, needs: PageNeeds): PagePlan {
  const forward = window.direction === 'forward';
  const from = forward ? window.after : window.before;
  const needsBeyond = forward ? needs.hasNextPage : needs.hasPreviousPage;
  const needsBehind = (forward ? needs.hasPreviousPage : needs.hasNextPage) && from !== null;
  const needsPage = needs.rows || needsBeyond;

  const limit = needsPage ? Math.min(window.size + (needsBeyond ? 1 : 0), MAX_PAGE_SIZE) : 0;
  const beyondByOutermost = needsBeyond && limit === window.size;
  const [needsFirstRow, needsLastRow] = forward
    ? [needsBehind, beyondByOutermost]
    : [beyondByOutermost, needsBehind];
  return {
    window,
    page: limit === 0 ? null : { from, reversed: !forward, limit },
    firstRow: needsFirstRow ? { from: null, reversed: false, limit: 1 } : null,
    lastRow: needsLastRow ? { from: null, reversed: true, limit: 1 } : null,
  };
}
