import { comparePositions, type Position } from '../lists/position.ts';
import { opposite, positionOf } from '../runs/position.ts';
import { isInWindow } from '../runs/run-window.ts';
import { sideOf } from './time-span.ts';
import { type WindowQuery, type WindowRows, windowRows } from './window-rows.ts';
import type { WindowStartSources } from './window-start.ts';

interface UpToQuery extends Omit<WindowQuery, 'until'> {
  readonly after: Position;
}

/**
 * Returns a run of a window that is at a position or comes before it, the nearest one; none if there is
 * none. What the list has before the position is read backward, without a seek where the position lies
 * in the window. Only if there is nothing, the run at the position itself is read, from the one before it.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function runUpTo(query: UpToQuery, sources: WindowStartSources): Promise<WindowRows> {
  const { window, order, after: position } = query;
  const backward = { ...query, order: opposite(order), until: null, limit: 1 };
  const before = await windowRows(backward, sources);
  if (before.rows.length > 0 || !before.isWhole) return before;
  const span = { from: window.createdAfter, to: window.createdBefore };
  if (sideOf(position.createdAt, span, order) !== 'inside') return before;
  const [neighbour] = await sources.runs.rowsFollowing(backward);
  const after = neighbour === undefined ? null : positionOf(neighbour);
  const [following] = await sources.runs.rowsFollowing({ ...query, after, limit: 1 });
  const isWanted =
    following !== undefined &&
    comparePositions(positionOf(following), position) === 0 &&
    isInWindow(following, window);
  return { ...before, rows: isWanted ? [following] : [] };
}
