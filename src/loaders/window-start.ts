import { comparePositions, type Position } from '../pagination/position.ts';
import { nearBound, sideOf, type TimeSpan } from '../pagination/time-span.ts';
import { fractionBetween } from '../runs/instant.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { opposite, positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunSeek } from '../runs/source.ts';
import type { AgentRuns } from './agent-runs.ts';
import type { ScanBudget } from './scan-budget.ts';

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

/**
 * Returns a position from which to read a list without missing a run of a span of time, as near to the
 * span as can be told; undefined if no run can lie in it. Cursors of the runs API are ids of runs, so
 * the position has to be that of one.
 */
export async function startOfSpan(
  query: WindowStartQuery,
  sources: WindowStartSources,
): Promise<Position | null | undefined> {
  const { span, order, after } = query;
  const side = after && sideOf(after.createdAt, span, order);
  if (side === 'past') return undefined;
  const near = nearBound(span, order);
  if (near === undefined || side === 'inside') return after;
  const seek: RunSeek = { instant: near, side: order === 'asc' ? 'until' : 'from' };
  const sought = await sources.runs.seek(seek);
  if (sought === undefined) return fromOtherEnd(query, near, sources);
  return sought === null ? after : furtherAlong(order, after, sought);
}

/**
 * For a list that can't be sought in: where its other end is nearer to the span, reads backward from
 * there, up to the first run that lies ahead of the span. Whatever is read there has to be read again,
 * so only half of the budget is spent.
 */
async function fromOtherEnd(
  { filter, span, order, after }: WindowStartQuery,
  near: string,
  { runs, budget }: WindowStartSources,
): Promise<Position | null | undefined> {
  const follow = (from: Position | null, direction: RunOrder, limit: number): Promise<readonly Run[]> =>
    runs.rowsFollowing({ filter, order: direction, after: from, limit });
  const isAhead = (run: Run): boolean => sideOf(run.createdInstant, span, order) === 'ahead';
  const [[first], [last]] = await Promise.all([follow(after, order, 1), follow(null, opposite(order), 1)]);
  if (first === undefined || last === undefined || !isAhead(first)) return after;
  if (isAhead(last)) return undefined;
  if (fractionBetween(near, first.createdInstant, last.createdInstant) <= 0.5) return after;
  let from: Position | null = null;
  for (let left = Math.floor(budget.left() / 2); left > 0;) {
    const limit = Math.min(left, MAX_LIST_ROWS);
    budget.spend(limit);
    // Each part starts where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const rows: readonly Run[] = await follow(from, opposite(order), limit);
    budget.spend(rows.length - limit);
    const next = rows.find(isAhead);
    if (next !== undefined) return furtherAlong(order, after, positionOf(next));
    const end = rows.at(-1);
    if (end === undefined) return after;
    left -= rows.length;
    from = positionOf(end);
  }
  return after;
}

function furtherAlong(order: RunOrder, a: Position | null, b: Position): Position {
  const sign = order === 'asc' ? 1 : -1;
  return a !== null && sign * comparePositions(a, b) > 0 ? a : b;
}
