import type { Position } from '../pagination/position.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import type { RunWindow } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunRangeQuery } from '../runs/source.ts';
import { scanList } from './scan-list.ts';
import type { WindowStartSources } from './window-start.ts';

/** A query for the runs of a window that follow a position, nearest first. */
export interface WindowQuery extends RunRangeQuery {
  readonly window: RunWindow;
}

/** The runs of a window that follow a position. */
export interface WindowRows {
  readonly rows: readonly Run[];
  /** Whether there are as many rows as asked for, or no more. If not, the budget was spent. */
  readonly isWhole: boolean;
  /** A position that every run follows that was asked for; null for the start of the list. */
  readonly resumeAfter: Position | null;
}

/** The limit of the first request where runs are matched by their durations, unless more are asked for. */
const MIN_ROWS = 100;

/**
 * Returns the runs of a window that follow a position. What lies in the window is read as it is where
 * there are no bounds of durations; rows that don't are read a thousand at a time, and count.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function windowRows(query: WindowQuery, sources: WindowStartSources): Promise<WindowRows> {
  const { window, limit } = query;
  const { budget } = sources;
  const isByDuration = window.minDurationNs !== undefined || window.maxDurationNs !== undefined;
  const found: Run[] = [];
  let { after: resumeAfter } = query;
  let next = Math.max(limit, isByDuration ? MIN_ROWS : 1);
  let isFirst = true;
  /** Rows taken from the budget for the request in flight: as many of it as can't all be wanted. */
  let taken = 0;
  const nextLimit = (): number => {
    const left = budget.left();
    if (!isFirst && left <= 0) return 0;
    const wanted = Math.max(1, limit - found.length);
    const rows = Math.min(MAX_LIST_ROWS, next, wanted + Math.max(0, left));
    taken = isFirst ? 0 : Math.max(0, rows - wanted);
    budget.spend(taken);
    isFirst = false;
    return rows;
  };
  for await (const { rows, read, ...end } of scanList({ ...query, nextLimit }, sources)) {
    budget.spend(read - rows.length - taken);
    if (found.length === 0) resumeAfter = end.resumeAfter;
    for (const run of rows) found.push(run);
    if (end.isLast || found.length >= limit) {
      return { rows: found.slice(0, limit), isWhole: true, resumeAfter };
    }
    next = rows.length === read ? limit - found.length : MAX_LIST_ROWS;
  }
  return { rows: found, isWhole: false, resumeAfter };
}
