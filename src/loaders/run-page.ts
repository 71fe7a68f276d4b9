import { connect, type Page } from '../pagination/connection.ts';
import { type CursorTarget, encodeCursor } from '../pagination/cursor.ts';
import { InvalidCursorError } from '../pagination/errors.ts';
import type { PageWindow } from '../pagination/page-arguments.ts';
import { type PageNeeds, type PlacedWindow, type PlannedScan, planPage } from '../pagination/plan.ts';
import type { Position } from '../pagination/position.ts';
import { VanishedPositionError } from '../runs/errors.ts';
import { positionOf } from '../runs/position.ts';
import type { RunFilter, RunOrder } from '../runs/query.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { RunById } from './run-by-id.ts';

export interface RunPageRequest {
  readonly window: PageWindow;
  readonly filter: RunFilter;
  readonly order: RunOrder;
  readonly needs: PageNeeds;
}

/** What a page is loaded from. */
export interface RunPageSources {
  readonly scans: Pick<RunsSource, 'rowsFollowing'>;
  readonly runById: RunById;
}

/**
 * One page of runs: finds the places of its cursors, plans, asks, connects. Its runs need no look-up any
 * more in the same request.
 *
 * @throws InvalidCursorError for a cursor whose run is gone or was never there
 * @throws UpstreamError
 */
export async function loadRunPage(request: RunPageRequest, sources: RunPageSources): Promise<Page<Run>> {
  const { filter, order } = request;
  const [after, before] = await Promise.all([
    placeOf('after', request.window.after, sources.runById),
    placeOf('before', request.window.before, sources.runById),
  ]);
  const window: PlacedWindow = { ...request.window, after, before };
  const plan = planPage(window, request.needs);
  const rowsOf = (scan: PlannedScan | null): Promise<readonly Run[]> =>
    scan === null
      ? Promise.resolve([])
      : sources.scans.rowsFollowing({
          filter,
          order: scan.reversed ? opposite(order) : order,
          after: scan.from,
          limit: scan.limit,
        });
  const [page, firstRow, lastRow] = await Promise.all([
    rowsOf(plan.page),
    rowsOf(plan.firstRow),
    rowsOf(plan.lastRow),
  ]).catch((error: unknown) => {
    throw vanishedCursor(error, window);
  });
  const connected = connect(plan, { page, firstRow, lastRow }, { order, positionOf });
  sources.runById.remember(connected.rows);
  return connected;
}

async function placeOf(
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

/** Only a scan's start is sent upstream, so that is the cursor whose run is gone. */
function vanishedCursor(error: unknown, window: PlacedWindow): unknown {
  if (!(error instanceof VanishedPositionError)) return error;
  const argument = window.direction === 'forward' ? 'after' : 'before';
  const place = window[argument];
  const cursor = place === null ? error.id : encodeCursor(place);
  return new InvalidCursorError(argument, cursor, 'leads nowhere: its run is gone; start again without it');
}

function opposite(order: RunOrder): RunOrder {
  return order === 'asc' ? 'desc' : 'asc';
}
