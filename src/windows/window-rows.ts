import type { Position } from '../lists/position.ts';
import type { Rows } from '../lists/rows.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { isInWindow, type RunWindow } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunRangeQuery } from '../runs/source.ts';
import { scanList } from './scan-list.ts';
import type { WindowStartSources } from './window-start.ts';

/** A query for the runs of a window that follow a position, nearest first. */
export interface WindowQuery extends RunRangeQuery {
  readonly window: RunWindow;
  /** The list ends ahead of this position; null for its own end. */
  readonly until: Position | null;
}

/** The runs of a window that follow a position. */
export interface WindowRows {
  readonly rows: Rows<Run>;
  /** Whether there are as many rows as asked for, or no more. If not, the budget was spent. */
  readonly isWhole: boolean;
  /**
   * How many of the rows can be had by asking for just as many behind `resumeAfter`: no more others than
   * the budget lie among them. Rows that a large limit happened to bring may be further away.
   */
  readonly found: number;
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
  const runs: Run[] = [];
  let found = 0;
  let { after: resumeAfter } = query;
  let next = Math.max(limit, isByDuration ? MIN_ROWS : 1);
  let isFirst = true;
  /** Rows taken from the budget for the request in flight: as many of it as can't all be wanted. */
  let taken = 0;
  const nextLimit = (isFar: boolean): number => {
    const left = budget.left();
    if (!isFirst && left < 0) return 0;
    const wanted = Math.max(1, limit - runs.length);
    const rows = Math.min(MAX_LIST_ROWS, isFar ? MAX_LIST_ROWS : next, wanted + Math.max(0, left));
    taken = isFirst ? 0 : Math.max(0, rows - wanted);
    budget.spend(taken);
    isFirst = false;
    return rows;
  };
  for await (const { rows, fresh, read, ...end } of scanList({ ...query, nextLimit }, sources)) {
    const allowed = budget.own() + taken;
    budget.spend(read - rows.length - taken);
    if (runs.length === 0) resumeAfter = end.resumeAfter;
    found += budget.own() < 0 ? countBefore(allowed, fresh, window) : rows.length;
    for (const run of rows) runs.push(run);
    if (end.isLast || runs.length >= limit) {
      return { rows: runs.slice(0, limit), isWhole: true, found, resumeAfter };
    }
    next = rows.length === read ? limit - runs.length : MAX_LIST_ROWS;
  }
  return { rows: runs, isWhole: false, found, resumeAfter };
}

/** Counts the runs of a window that come before more than `allowed` others. */
function countBefore(allowed: number, fresh: readonly Run[], window: RunWindow): number {
  let others = 0;
  let count = 0;
  for (const run of fresh) {
    if (isInWindow(run, window)) count++;
    else if (++others > allowed) break;
  }
  return count;
}
