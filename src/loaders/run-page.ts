import { connect, type Page } from '../pagination/connection.ts';
import { type CursorTarget, encodeCursor } from '../pagination/cursor.ts';
import { InvalidCursorError } from '../pagination/errors.ts';
import type { PageArguments } from '../pagination/page-arguments.ts';
import { type PageBounds, type PageNeeds, planPage, type RangeQuery } from '../pagination/plan.ts';
import type { Position } from '../pagination/position.ts';
import { ScanBudgetError, VanishedPositionError } from '../runs/errors.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { opposite, positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import { isBounded, type RunWindow } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { RunById } from './run-by-id.ts';
import { runUpTo } from './run-up-to.ts';
import type { ScanBudgets } from './scan-budget.ts';
import { windowRows } from './window-rows.ts';

export interface RunPageRequest {
  readonly page: PageArguments;
  readonly filter: RunFilter;
  readonly window: RunWindow;
  readonly order: RunOrder;
  readonly needs: PageNeeds;
}

/** The loaders that a page needs. */
export interface RunPageSources {
  readonly agentRuns: Pick<RunsSource, 'rowsFollowing' | 'seek'>;
  readonly runById: RunById;
  readonly scanBudgets: ScanBudgets;
}

/**
 * Loads one page of runs: resolves its cursors to positions, plans and sends the range queries, and
 * builds the page. Remembers its runs, so that they need no look-up in the same request.
 *
 * @throws InvalidCursorError for a cursor whose run is gone or never existed
 * @throws ScanBudgetError if the runs of a window are too far from its start, or from each other
 * @throws UpstreamError
 */
export async function loadRunPage(request: RunPageRequest, sources: RunPageSources): Promise<Page<Run>> {
  const { filter, order, window } = request;
  const [after, before] = await Promise.all([
    positionOfCursor('after', request.page.after, sources.runById),
    positionOfCursor('before', request.page.before, sources.runById),
  ]);
  const bounds: PageBounds = { ...request.page, after, before };
  const hasWindow = isBounded(window);
  // The rows of a window come from as many requests as they take.
  const plan = planPage(bounds, request.needs, hasWindow ? MAX_LIST_ROWS + 1 : MAX_LIST_ROWS);
  const rowsOf = async (query: RangeQuery | null): Promise<readonly Run[]> => {
    if (query === null) return [];
    const range = {
      filter,
      order: query.reversed ? opposite(order) : order,
      after: query.from,
      limit: query.limit,
    };
    if (!hasWindow) return sources.agentRuns.rowsFollowing(range);
    const isPage = query === plan.page;
    const start = startOf(bounds);
    const scan = { runs: sources.agentRuns, budget: sources.scanBudgets.open() };
    const inWindow = { ...range, window };
    // The outermost run of a window may be far away; whether any comes before the page, its neighbour tells.
    const { rows, isWhole, resumeAfter } =
      isPage || start === null
        ? await windowRows(inWindow, scan)
        : await runUpTo({ ...inWindow, after: start }, scan);
    if (isWhole) return rows;
    const found = isPage ? rows.length : 0;
    throw budgetError(bounds, { budget: scan.budget.rows, found, resumeAfter: isPage ? resumeAfter : start });
  };
  const pageRows = rowsOf(plan.page);
  const [page, firstRow, lastRow] = await Promise.all([
    pageRows,
    rowsOf(plan.firstRow),
    rowsOf(plan.lastRow),
  ]).catch(async (error: unknown) => {
    // The cursor to go on from is that of the page, if it has one as well.
    const first = error instanceof ScanBudgetError ? await rejection(pageRows) : undefined;
    throw asCursorError(first ?? error, bounds);
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
  const argument = startArgument(bounds);
  const position = startOf(bounds);
  const cursor = position === null ? error.id : encodeCursor(position);
  return new InvalidCursorError(
    argument,
    cursor,
    'is no longer valid: its run is gone; start again without it',
  );
}

/** Returns why a promise is rejected; undefined if it is not. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function startArgument({ direction }: PageBounds): 'after' | 'before' {
  return direction === 'forward' ? 'after' : 'before';
}

function startOf(bounds: PageBounds): Position | null {
  return bounds[startArgument(bounds)];
}

/** Says how to go on: from the cursor, with fewer runs, or without the flag that can't be told. */
function budgetError(
  bounds: PageBounds,
  { budget, found, resumeAfter }: { budget: number; found: number; resumeAfter: Position | null },
): ScanBudgetError {
  const argument = startArgument(bounds);
  const size = bounds.direction === 'forward' ? 'first' : 'last';
  const flag = bounds.direction === 'forward' ? 'hasNextPage' : 'hasPreviousPage';
  const advice =
    found === 0
      ? `go on with ${argument}: extensions.cursor`
      : `ask for ${size}: ${Math.min(found, bounds.size)} with ${argument}: extensions.cursor and without ${flag}`;
  return new ScanBudgetError(
    `Read ${budget} rows of the list without finding all runs of the page; ${found} were found. To see what follows, ${advice}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: resumeAfter && encodeCursor(resumeAfter), argument },
  );
}
