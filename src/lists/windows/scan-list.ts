import { setImmediate as immediate } from 'node:timers/promises';
import { cantContinue, VanishedPositionError } from '../errors.ts';
import { comparePositions, type Position, signOf } from '../position.ts';
import { sideOf, type WindowRequest, type WindowSources } from './window.ts';

/** The rows of one request. */
interface ScannedPage<Row> {
  /** A position that all rows of the page follow; null for the start of the list. */
  readonly after: Position | null;
  /** The rows that were not read before, and are not past the window. */
  readonly read: readonly Row[];
  /** Whether no row of the window follows. */
  readonly isEnd: boolean;
}

/** How far from the end of a page its rows lie that take turns as a cursor, if those before them have been deleted. */
const RETREATS = [1, 2, 4, 16, 256];

/**
 * Reads a list, request by request, until it has passed the window: from a row next to the window, if the upstream can
 * seek it, otherwise from the start of the request.
 *
 * @param nextSize returns the size of the next page, given whether the window may begin far behind it; 0 to end
 * @throws UpstreamError, VanishedPositionError, UnsupportedError: see `searchWindow`
 */
export async function* scanList<Row, Filter>(
  request: WindowRequest<Row, Filter>,
  nextSize: (isFar: boolean) => number,
  sources: WindowSources<Row, Filter>,
): AsyncGenerator<ScannedPage<Row>> {
  const { window, order, until, after } = request;
  const { positionOf } = sources.list;
  const { from, to } = window.span;
  const start = after && sideOf(after.key, window.span, order);
  if (window.isEmpty || start === 'past') {
    yield { after, read: [], isEnd: true };
    return;
  }
  const follows = (position: Position, other: Position | null): boolean =>
    other === null || signOf(order) * comparePositions(position, other) > 0;
  const isPast = (row: Row): boolean => {
    const position = positionOf(row);
    const isBeyond = until !== null && follows(position, until);
    return isBeyond || sideOf(position.key, window.span, order) === 'past';
  };
  // A row that the window follows; null if the window may begin right behind `after`, undefined if the upstream can't tell
  // how far away it begins.
  const [instant, side] = order === 'asc' ? ([from, 'until'] as const) : ([to, 'from'] as const);
  const sought = instant === undefined || start === 'inside' ? null : await sources.seek({ instant, side });
  let starts = sought && follows(sought, after) ? [sought, after] : [after];
  let [last = null] = starts;
  for (let size = nextSize(sought === undefined); size > 0; size = nextSize(false)) {
    // oxlint-disable-next-line no-await-in-loop -- Each request starts where the one before it ended.
    const page = await readFromFirst(starts, request, size, sources);
    const past = page.findIndex(isPast);
    const inReach = past === -1 ? page : page.slice(0, past);
    const before = last;
    // Where a deleted row made a request start further ahead, rows were read before.
    const read = inReach.filter((row) => follows(positionOf(row), before));
    // oxlint-disable-next-line no-await-in-loop -- See above.
    await window.check?.(read);
    // Matching may parse the metadata of a thousand rows: other requests get their turn before.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    if (window.isSparse) await immediate();
    const isEnd = past !== -1 || page.length < size;
    yield { after: before, read, isEnd };
    if (isEnd) return;
    starts = RETREATS.flatMap((rows) => page.at(-rows) ?? []).map(positionOf);
    if (read.length > 0) last = starts[0] ?? null;
  }
}

/**
 * Returns the rows that follow the first of these positions that is still there.
 *
 * @throws VanishedPositionError if the row at the request's own position is gone; UpstreamError
 */
async function readFromFirst<Row, Filter>(
  [after = null, ...others]: readonly (Position | null)[],
  request: WindowRequest<Row, Filter>,
  limit: number,
  sources: WindowSources<Row, Filter>,
): Promise<readonly Row[]> {
  const { filter, order } = request;
  try {
    return [...(await sources.readRange({ filter, order, after, limit }))];
  } catch (error) {
    if (!(error instanceof VanishedPositionError) || after === request.after) throw error;
    if (others.length > 0) return readFromFirst(others, request, limit, sources);
    throw cantContinue(error);
  }
}
