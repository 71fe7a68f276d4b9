import { comparePositions, type Position } from '../lists/position.ts';
import type { AgentRuns } from '../loaders/agent-runs.ts';
import { fractionBetween } from '../runs/instant.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { opposite, positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunSeek } from '../runs/source.ts';
import type { ScanBudget } from './scan-budget.ts';
import { nearBound, sideOf, type TimeSpan } from './time-span.ts';

export interface WindowStartQuery {
  readonly filter: RunFilter;
  readonly span: TimeSpan;
  readonly order: RunOrder;
  readonly after: Position | null;
}

export interface WindowStartSources {
  readonly runs: AgentRuns;
  readonly budget: ScanBudget;
}

export interface SpanStart {
  /** A position from which no run of the span is missed; null for the start of the list. */
  readonly position: Position | null;
  /** Rows that follow it, as far as they have been read already. */
  readonly rows: readonly Run[];
  /** Whether no others follow those. */
  readonly isAll: boolean;
  /** Whether rows ahead of the span follow it, it is not known how many. */
  readonly isFar: boolean;
}

/** The first row behind the query's start, and the one at the other end of the list. */
type Ends = readonly [first: Run | undefined, last: Run | undefined];

/**
 * Returns where to start reading a list without missing a run of a span of time, as near to the span as
 * can be told; undefined if no run can lie in it. Cursors of the runs API are ids of runs, so the position
 * has to be that of one.
 *
 * @param onGuess given a position from which it is likely to be read, while that is still in doubt
 */
export async function startOfSpan(
  query: WindowStartQuery,
  { runs, budget }: WindowStartSources,
  onGuess: (position: Position) => void,
): Promise<SpanStart | undefined> {
  const { span, order, after } = query;
  const side = after && sideOf(after.createdAt, span, order);
  if (side === 'past') return undefined;
  const near = nearBound(span, order);
  if (near === undefined || side === 'inside') return startAt(after);
  const seek: RunSeek = { instant: near, side: order === 'asc' ? 'until' : 'from' };
  const seeking = runs.seek(seek);
  // At once, unless they are likely not to be needed.
  const asked = runs.canSeek() ? undefined : endsOf(query, runs);
  asked?.catch(() => undefined);
  const sought = await seeking;
  if (sought === null) return startAt(after);
  if (sought !== undefined) {
    const position = furtherAlong(order, after, sought.position);
    onGuess(position);
    if (await sought.isThere) return startAt(position);
  }
  const [first, last] = await (asked ?? endsOf(query, runs));
  const isAhead = (run: Run): boolean => sideOf(run.createdInstant, span, order) === 'ahead';
  if (first === undefined || last === undefined || !isAhead(first)) return startAt(after);
  if (isAhead(last)) return undefined;
  if (fractionBetween(near, first.createdInstant, last.createdInstant) <= 0.5) return startAt(after, true);
  return (await fromOtherEnd(query, isAhead, { runs, budget })) ?? startAt(after, true);
}

function startAt(position: Position | null, isFar = false): SpanStart {
  return { position, rows: [], isAll: false, isFar };
}

async function endsOf({ filter, order, after }: WindowStartQuery, runs: AgentRuns): Promise<Ends> {
  const [[first], [last]] = await Promise.all([
    runs.rowsFollowing({ filter, order, after, limit: 1 }),
    runs.rowsFollowing({ filter, order: opposite(order), after: null, limit: 1 }),
  ]);
  return [first, last];
}

/**
 * Reads backward from the other end of the list, up to the first run that lies ahead of the span. What
 * was read before the last page has to be read again, so only half of the budget is spent; undefined if
 * that isn't enough.
 */
async function fromOtherEnd(
  { filter, order, after }: WindowStartQuery,
  isAhead: (run: Run) => boolean,
  { runs, budget }: WindowStartSources,
): Promise<SpanStart | undefined> {
  let from: Position | null = null;
  for (let left = Math.floor(budget.left() / 2); left > 0;) {
    const limit = Math.min(left, MAX_LIST_ROWS);
    budget.spend(limit);
    // Each part starts where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const page: readonly Run[] = [
      ...(await runs.rowsFollowing({ filter, order: opposite(order), after: from, limit })),
    ];
    budget.spend(page.length - limit);
    const next = page.find(isAhead);
    if (next !== undefined) {
      const position = furtherAlong(order, after, positionOf(next));
      const rows = page.slice(0, page.indexOf(next)).toReversed();
      return { position, rows, isAll: from === null, isFar: false };
    }
    const end = page.at(-1);
    if (end === undefined) return undefined;
    left -= page.length;
    from = positionOf(end);
  }
  return undefined;
}

function furtherAlong(order: RunOrder, a: Position | null, b: Position): Position {
  const sign = order === 'asc' ? 1 : -1;
  return a !== null && sign * comparePositions(a, b) > 0 ? a : b;
}
