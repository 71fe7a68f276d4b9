import { connect, type Page } from '../pagination/connection.ts';
import { type CursorTarget, encodeCursor } from '../pagination/cursor.ts';
import { InvalidCursorError } from '../pagination/errors.ts';
import type { PageArguments } from '../pagination/page-arguments.ts';
import { type PageBounds, type PageNeeds, planPage, type RangeQuery } from '../pagination/plan.ts';
import type { Position } from '../pagination/position.ts';
import { VanishedPositionError } from '../runs/errors.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { RunById } from './run-by-id.ts';

export interface RunPageRequest {
  readonly page: PageArguments;
  readonly filter: RunFilter;
  readonly order: RunOrder;
  readonly needs: PageNeeds;
}

/** The loaders that a page needs. */
export interface RunPageSources {
  readonly agentRuns: Pick<RunsSource, 'rowsFollowing'>;
  readonly runById: RunById;
}

/**
 * Loads one page of runs: resolves its cursors to positions, plans and sends the range queries, and
 * builds the page. Remembers its runs, so that they need no look-up in the same request.
 *
 * @throws InvalidCursorError for a cursor whose run is gone or never existed
 * @throws UpstreamError
 */
export async function loadRunPage(request: RunPageRequest, sources: RunPageSources): Promise<Page<Run>> {
  const { filter, order } = request;
  const [after, before] = await Promise.all([
    positionOfCursor('after', request.page.after, sources.runById),
    positionOfCursor('before', request.page.before, sources.runById),
  ]);
  const bounds: PageBounds = { ...request.page, after, before };
  const plan = planPage(bounds, request.needs, MAX_LIST_ROWS);
  const rowsOf = (query: RangeQuery | null): Promise<readonly Run[]> =>
    query === null
      ? Promise.resolve([])
      : sources.agentRuns.rowsFollowing({
          filter,
          order: query.reversed ? opposite(order) : order,
          after: query.from,
          limit: query.limit,
        });
  const [page, firstRow, lastRow] = await Promise.all([
    rowsOf(plan.page),
    rowsOf(plan.firstRow),
    rowsOf(plan.lastRow),
  ]).catch((error: unknown) => {
    throw asCursorError(error, bounds);
  });
  const connected = connect(plan, { page, firstRow, lastRow }, { order, positionOf });
  sources.runById.remember(connected.rows);
  return connected;
}

async function positionOfCursor(
  argument: string,
  target: CursorTarget | null,
  runById: RunById,
): Promise<Position | null> {
  if (target === null) return null;
  if (target.kind === 'position') return target.position;
  const run = await runById.load(target.id);
  if (run === null)
    throw new InvalidCursorError(argument, target.id, 'is not the id of a run that you can see');
  return positionOf(run);
}

/** Converts a VanishedPositionError: only the query's start is sent upstream, so that cursor's run is gone. */
function asCursorError(error: unknown, bounds: PageBounds): unknown {
  if (!(error instanceof VanishedPositionError)) return error;
  const argument = bounds.direction === 'forward' ? 'after' : 'before';
  const position = bounds[argument];
  const cursor = position === null ? error.id : encodeCursor(position);
  return new InvalidCursorError(
    argument,
    cursor,
    'is no longer valid: its run is gone; start again without it',
  );
}

function opposite(order: RunOrder): RunOrder {
  return order === 'asc' ? 'desc' : 'asc';
}
