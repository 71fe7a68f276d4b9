import { setImmediate as nextTurn } from 'node:timers/promises';
import { VanishedPositionError } from '../lists/errors.ts';
import { comparePositions, type Order, type Position, signOf } from '../lists/position.ts';
import { sideOf, type SoughtRow, type WindowRequest, type WindowSources } from './window.ts';

/** What one request brought. */
export interface ScannedRows<Row> {
  /** The rows that are new, without those past the window. */
  readonly read: readonly Row[];
  /** How many rows came, without those past the window. Some may have been read before. */
  readonly count: number;
  /** Those of them that lie in the window. */
  readonly rows: readonly Row[];
  /** A position that all of them follow; null for the start of the list. */
  readonly after: Position | null;
  /** Whether no row of the window follows. */
  readonly isLast: boolean;
}

/** Rows before the last one read that can take its place if it has been deleted. */
const RETREATS = 3;

/**
 * Reads the rows of a window in list order, request by request. It starts at a row next to the window, if
 * the upstream names one that is there, else at the request's own start, and ends where the list has passed the window.
 *
 * @param nextLimit returns the limit of the next request, given whether it may bring very many rows in vain; 0 for no further one
 * @throws UpstreamError; VanishedPositionError if the row at `after` is gone; UnsupportedError for bounds
 *   of durations where lists don't show them
 */
export async function* scanList<Row, Filter>(
  request: WindowRequest<Row, Filter>,
  nextLimit: (isFar: boolean) => number,
  sources: WindowSources<Row, Filter>,
): AsyncGenerator<ScannedRows<Row>> {
  const { filter, window, order, after, until } = request;
  const { readRange, list } = sources;
  const { positionOf } = list;
  const isEmpty = window.isEmpty || (after !== null && sideOf(after.key, window.span, order) === 'past');
  if (isEmpty) {
    yield { read: [], count: 0, rows: [], after, isLast: true };
    return;
  }
  /** Returns the rows that follow the first of these positions that is still there. */
  const readFrom = async (
    [start = null, ...others]: readonly (Position | null)[],
    limit: number,
  ): Promise<readonly Row[]> => {
    try {
      return [...(await readRange({ filter, order, after: start, limit }))];
    } catch (error) {
      if (!(error instanceof VanishedPositionError) || others.length === 0) throw error;
      return readFrom(others, limit);
    }
  };
  const isPast = (row: Row): boolean => {
    const position = positionOf(row);
    const isBeyond = until !== null && !follows(order, until, position);
    return isBeyond || sideOf(position.key, window.span, order) === 'past';
  };

  const sought = await seekStart(request, sources);
  /** The position of the last row read, or the one to read from. */
  let last = sought?.position ?? after;
  let starts: readonly (Position | null)[] = sought ? [sought.position, after] : [after];
  let limit = nextLimit(sought === undefined);
  for (let doubted = sought?.isThere; limit > 0; limit = nextLimit(false)) {
    // oxlint-disable-next-line no-await-in-loop -- Each request starts where the one before it ended.
    let [found, isThere = true] = await Promise.all([readFrom(starts, limit), doubted?.()]);
    if (!isThere) {
      last = after;
      // oxlint-disable-next-line no-await-in-loop -- See above.
      found = await readFrom([after], limit);
    }
    doubted = undefined;
    const past = found.findIndex(isPast);
    const inReach = past === -1 ? found : found.slice(0, past);
    // Some were read before, if the list had to be read on from further ahead.
    const start = last;
    const read = inReach.filter((row) => start === null || follows(order, positionOf(row), start));
    // oxlint-disable-next-line no-await-in-loop -- See above.
    await window.check?.(read);
    // Matching may parse the metadata of a thousand rows: others get their turn before.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    if (window.isSparse) await nextTurn();
    const isLast = past !== -1 || found.length < limit;
    yield { read, count: inReach.length, rows: read.filter(window.matches), after: start, isLast };
    if (isLast) return;
    starts = found
      .slice(-1 - RETREATS)
      .map(positionOf)
      .toReversed();
    if (read.length > 0) last = starts[0] ?? null;
  }
}

/**
 * Seeks the row that the window follows; one at `after` or behind it. Null if the window may begin right behind
 * `after`, undefined if the upstream can't tell how far away it begins.
 */
async function seekStart<Row, Filter>(
  { window: { span }, order, after }: WindowRequest<Row, Filter>,
  { seek }: WindowSources<Row, Filter>,
): Promise<SoughtRow | null | undefined> {
  const instant = order === 'asc' ? span.from : span.to;
  if (instant === undefined || (after !== null && sideOf(after.key, span, order) === 'inside')) return null;
  const sought = await seek({ instant, side: order === 'asc' ? 'until' : 'from' });
  return sought && after !== null && follows(order, after, sought.position) ? null : sought;
}

/** Whether a position comes after another one. */
function follows(order: Order, position: Position, other: Position): boolean {
  return signOf(order) * comparePositions(position, other) > 0;
}
