import { VanishedPositionError } from '../lists/errors.ts';
import { fractionBetween } from '../lists/instant.ts';
import { comparePositions, opposite, type Order, type Position, signOf } from '../lists/position.ts';
import { nearBound, sideOf, type TimeSpan } from './time-span.ts';
import type { Seek, WindowSources } from './window.ts';

export interface WindowStartQuery<Filter> {
  readonly filter: Filter;
  readonly span: TimeSpan;
  readonly order: Order;
  readonly after: Position | null;
}

export interface SpanStart<Row> {
  /** A position from which no row of the span is missed; null for the start of the list. */
  readonly position: Position | null;
  /** Rows that follow it, as far as they have been read already. */
  readonly rows: readonly Row[];
  /** Whether no others follow those. */
  readonly isAll: boolean;
  /** Whether rows ahead of the span follow it, it is not known how many. */
  readonly isFar: boolean;
}

/** The positions of the first row behind the query's start, and of the one at the other end of the list. */
type Ends = readonly [first: Position | undefined, last: Position | undefined];

/**
 * Returns where to start reading a list without missing a row of a span of time, as near to the span as
 * can be told; undefined if no row can lie in it. Cursors of the runs API are ids of rows, so the position
 * has to be that of one.
 *
 * @param onGuess given a position from which it is likely to be read, while that is still in doubt
 */
export async function startOfSpan<Row, Filter>(
  query: WindowStartQuery<Filter>,
  sources: WindowSources<Row, Filter>,
  onGuess: (position: Position) => void,
): Promise<SpanStart<Row> | undefined> {
  const { span, order, after } = query;
  const { source } = sources;
  const side = after && sideOf(after.key, span, order);
  if (side === 'past') return undefined;
  const near = nearBound(span, order);
  if (near === undefined || side === 'inside') return startAt(after);
  const seek: Seek = { instant: near, side: order === 'asc' ? 'until' : 'from' };
  const seeking = source.seek(seek);
  // At once, unless they are likely not to be needed.
  const asked = source.canSeek() ? undefined : endsOf(query, sources);
  asked?.catch(() => undefined);
  const sought = await seeking;
  if (sought === null) return startAt(after);
  if (sought !== undefined) {
    const position = furtherAlong(order, after, sought.position);
    onGuess(position);
    if (await sought.isThere) return startAt(position);
  }
  const [first, last] = await (asked ?? endsOf(query, sources));
  const isAhead = ({ key }: Position): boolean => sideOf(key, span, order) === 'ahead';
  if (first === undefined || last === undefined || !isAhead(first)) return startAt(after);
  if (isAhead(last)) return undefined;
  if (fractionBetween(near, first.key, last.key) <= 0.5) return startAt(after, true);
  return (await fromOtherEnd(query, isAhead, sources).catch(undefinedIfGone)) ?? startAt(after, true);
}

function startAt(position: Position | null, isFar = false): SpanStart<never> {
  return { position, rows: [], isAll: false, isFar };
}

async function endsOf<Row, Filter>(
  { filter, order, after }: WindowStartQuery<Filter>,
  { source, list }: WindowSources<Row, Filter>,
): Promise<Ends> {
  const [[first], [last]] = await Promise.all([
    source.rowsFollowing({ filter, order, after, limit: 1 }),
    source.rowsFollowing({ filter, order: opposite(order), after: null, limit: 1 }),
  ]);
  return [first && list.positionOf(first), last && list.positionOf(last)];
}

/**
 * Reads backward from the other end of the list, up to the first row that lies ahead of the span. What
 * was read before the last page has to be read again, so only half of the budget is spent; undefined if
 * that isn't enough.
 */
async function fromOtherEnd<Row, Filter>(
  { filter, order, after }: WindowStartQuery<Filter>,
  isAhead: (position: Position) => boolean,
  { source, list, budget }: WindowSources<Row, Filter>,
): Promise<SpanStart<Row> | undefined> {
  let from: Position | null = null;
  for (let left = Math.floor(budget.left() / 2); left > 0;) {
    const limit = Math.min(left, list.maxRows);
    budget.spend(limit);
    // Each part starts where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const page: readonly Row[] = [
      ...(await source.rowsFollowing({ filter, order: opposite(order), after: from, limit })),
    ];
    budget.spend(page.length - limit);
    const next = page.findIndex((row) => isAhead(list.positionOf(row)));
    const found = page[next];
    if (found !== undefined) {
      const position = furtherAlong(order, after, list.positionOf(found));
      return { position, rows: page.slice(0, next).toReversed(), isAll: from === null, isFar: false };
    }
    const end = page.at(-1);
    if (end === undefined) return undefined;
    left -= page.length;
    from = list.positionOf(end);
  }
  return undefined;
}

/** A row that was read was deleted before what follows it was. */
function undefinedIfGone(error: unknown): undefined {
  if (!(error instanceof VanishedPositionError)) throw error;
}

function furtherAlong(order: Order, a: Position | null, b: Position): Position {
  return a !== null && signOf(order) * comparePositions(a, b) > 0 ? a : b;
}
