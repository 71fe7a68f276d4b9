import { cantContinue, VanishedPositionError } from '../list-errors.ts';
import { comparePositions, type Position, signOf } from '../position.ts';
import { sideOf, type WindowRequest, type WindowSources } from './window.ts';

interface ScannedPage<Row> {
  /** A position that all rows of the page follow; null for the start of the list. */
  readonly after: Position | null;
  /** The rows that are not past the window. */
  readonly read: readonly Row[];
  /** Whether no row of the window follows. */
  readonly isEnd: boolean;
}

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
  const { filter, window, order, until, after } = request;
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
  // The position that the window follows; null if the window may begin right after `after`, undefined if the upstream
  // can't tell how far away it begins.
  const [instant, side] = order === 'asc' ? ([from, 'until'] as const) : ([to, 'from'] as const);
  const sought = instant === undefined || start === 'inside' ? null : await sources.seek({ instant, side });
  let last = sought && follows(sought, after) ? sought : after;
  const readOn = async (limit: number): Promise<readonly Row[]> => {
    try {
      return [...(await sources.readRange({ filter, order, after: last, limit }))];
    } catch (error) {
      if (!(error instanceof VanishedPositionError) || last === after) throw error;
      if (last !== sought) throw cantContinue(error);
      // The sought row is a hint: without it, the list is read from the start of the request.
      last = after;
      return readOn(limit);
    }
  };
  for (let size = nextSize(sought === undefined); size > 0; size = nextSize(false)) {
    // oxlint-disable-next-line no-await-in-loop -- Each request starts where the one before it ended.
    const page = await readOn(size);
    const past = page.findIndex(isPast);
    const read = past === -1 ? page : page.slice(0, past);
    // oxlint-disable-next-line no-await-in-loop -- See above.
    await window.check?.(read);
    const end = page.at(-1);
    const isEnd = past !== -1 || page.length < size || end === undefined;
    yield { after: last, read, isEnd };
    if (isEnd) return;
    last = positionOf(end);
  }
}
