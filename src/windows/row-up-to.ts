import { comparePositions, opposite, type Position, signOf } from '../lists/position.ts';
import { type WindowRows, windowRows } from './window-rows.ts';
import { sideOf, type WindowRequest, type WindowSources } from './window.ts';

/**
 * Returns a row of a window that is at a position or comes before it, the nearest one; none if there is
 * none. What the list has before the position is read backward, without a seek where the position lies
 * in the window. Only if there is nothing, the row at the position itself is read, from the one before it.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function rowUpTo<Row, Filter>(
  request: WindowRequest<Row, Filter> & { readonly after: Position },
  sources: WindowSources<Row, Filter>,
  tries = 3,
): Promise<WindowRows<Row>> {
  const { filter, window, order, after: position } = request;
  const { readRange, list } = sources;
  const backward = { ...request, order: opposite(order), until: null, limit: 1 };
  const before = await windowRows(backward, sources);
  if (before.rows.length > 0 || !before.isWhole) return before;
  if (sideOf(position.key, window.span, order) !== 'inside') return before;
  const [neighbour] = await readRange({ filter, order: backward.order, after: position, limit: 1 });
  const after = neighbour === undefined ? null : list.positionOf(neighbour);
  const [following] = await readRange({ filter, order, after, limit: 1 });
  if (following === undefined) return before;
  const side = signOf(order) * comparePositions(list.positionOf(following), position);
  // A row was created meanwhile.
  if (side < 0 && tries > 0) return rowUpTo(request, sources, tries - 1);
  return side === 0 && window.matches(following) ? { ...before, rows: [following] } : before;
}
