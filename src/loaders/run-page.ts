import { InvalidCursorError } from '../lists/errors.ts';
import { connect, type Page } from '../lists/pages/connection.ts';
import type { CursorTarget } from '../lists/pages/cursor.ts';
import type { PageArguments } from '../lists/pages/page-arguments.ts';
import { type PageBounds, type PageNeeds, planPage, type RangeQuery } from '../lists/pages/plan.ts';
import type { Position } from '../lists/position.ts';
import type { Rows } from '../lists/rows.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { opposite, positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import { isBounded, type RunWindow } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunRangeQuery } from '../runs/source.ts';
import { runUpTo } from '../windows/run-up-to.ts';
import type { ScanBudgets } from '../windows/scan-budget.ts';
import { type WindowRows, windowRows } from '../windows/window-rows.ts';
import type { AgentRuns } from './agent-runs.ts';
import { asCursorError, flagBudgetError, pageBudgetError, startAndEnd } from './page-errors.ts';
import type { RunById } from './run-by-id.ts';

export interface RunPageRequest {
  readonly page: PageArguments;
  readonly filter: RunFilter;
  readonly window: RunWindow;
  readonly order: RunOrder;
  readonly needs: PageNeeds;
}

/** The loaders that a page needs. */
export interface RunPageSources {
  readonly agentRuns: AgentRuns;
  readonly runById: RunById;
  readonly scanBudgets: ScanBudgets;
}

/**
 * Loads one page of runs: resolves its cursors to positions, plans and sends the range queries, and
 * builds the page. Remembers its runs, so that they need no look-up in the same request.
 *
 * @throws InvalidCursorError for a cursor whose run is gone or never existed
 * @throws GatewayError if the runs of a window are too far from its start, or from each other
 * @throws UpstreamError
 */
export async function loadRunPage(request: RunPageRequest, sources: RunPageSources): Promise<Page<Run>> {
  const { order, window } = request;
  const { agentRuns, runById } = sources;
  const hasWindow = isBounded(window);
  const ahead = hasWindow ? {} : readAhead(request, agentRuns);
  const [after, before] = hasId(request)
    ? await Promise.all([
        positionOfCursor('after', request.page.after, runById),
        positionOfCursor('before', request.page.before, runById),
      ])
    : [unproven(request.page.after), unproven(request.page.before)];
  const bounds: PageBounds = { ...request.page, after, before };
  // The rows of a window come from as many requests as they take.
  const plan = planPage(bounds, request.needs, hasWindow ? MAX_LIST_ROWS + 1 : MAX_LIST_ROWS);
  const load = async (part: PlanPart, query: RangeQuery): Promise<WindowRows> => {
    const range = rangeOf(query, request);
    if (!hasWindow) return whole(await (ahead[part] ?? agentRuns.rowsFollowing)(range));
    const [start, end] = startAndEnd(bounds);
    const scan = { runs: agentRuns, budget: sources.scanBudgets.open() };
    const inWindow = { ...range, window };
    // A flag of the far side needs the next run, even if it lies behind the end.
    const until = query.limit > bounds.size ? null : end;
    // The outermost run of a window may be far away; whether any comes before the page, its neighbour tells.
    return part === 'page' || start === null
      ? windowRows({ ...inWindow, until }, scan)
      : runUpTo({ ...inWindow, after: start }, scan);
  };
  const rowsOf = (part: PlanPart): Promise<WindowRows> | WindowRows =>
    plan[part] === null ? NO_ROWS : load(part, plan[part]);
  const isAlone = plan.firstRow === null && plan.lastRow === null;
  let all: readonly [WindowRows, WindowRows, WindowRows];
  try {
    // One promise where one is enough: nearly all pages are alone.
    all = isAlone
      ? [await rowsOf('page'), NO_ROWS, NO_ROWS]
      : await Promise.all([rowsOf('page'), rowsOf('firstRow'), rowsOf('lastRow')]);
  } catch (error) {
    throw asCursorError(error, bounds);
  }
  const [page, firstRow, lastRow] = all;
  const answers = { page: page.rows, firstRow: firstRow.rows, lastRow: lastRow.rows };
  const connected = connect(plan, answers, { order, positionOf });
  if (!page.isWhole) throw pageBudgetError(bounds, sources.scanBudgets.rows, page);
  if (!firstRow.isWhole || !lastRow.isWhole)
    throw flagBudgetError(bounds, sources.scanBudgets.rows, Math.min(page.found, connected.rows.length));
  runById.remember(connected.rows);
  return connected;
}

/** Of a part that the plan doesn't have. */
const NO_ROWS = whole([]);

/** The range queries of a plan. */
const PLAN_PARTS = ['page', 'firstRow', 'lastRow'] as const;
type PlanPart = (typeof PLAN_PARTS)[number];

/**
 * Where a cursor is the id of a run, whose position has to be looked up: sends what the page will ask for
 * at once, since the id is enough for that. Returns what answers it when the position is known.
 */
function readAhead(
  request: RunPageRequest,
  agentRuns: AgentRuns,
): { readonly [Part in PlanPart]?: AgentRuns['rowsFollowing'] } {
  const { after, before } = request.page;
  if (!hasId(request)) return {};
  const bounds = { ...request.page, after: unproven(after), before: unproven(before) };
  const plan = planPage(bounds, request.needs, MAX_LIST_ROWS);
  const send = (part: PlanPart) => plan[part] && [part, agentRuns.readAhead(rangeOf(plan[part], request))];
  return Object.fromEntries(PLAN_PARTS.map(send).filter((sent) => sent !== null));
}

/** Whether a cursor is the id of a run. */
function hasId({ page: { after, before } }: RunPageRequest): boolean {
  return after?.kind === 'id' || before?.kind === 'id';
}

/** The position of a cursor, without the time if that isn't known. */
function unproven(target: CursorTarget | null): Position | null {
  return target?.kind === 'id' ? { id: target.id, createdAt: '' } : (target?.position ?? null);
}

function rangeOf({ from, reversed, limit }: RangeQuery, { filter, order }: RunPageRequest): RunRangeQuery {
  return { filter, order: reversed ? opposite(order) : order, after: from, limit };
}

/** Rows that are not of a window, and so are always all that was asked for. */
function whole(rows: Rows<Run>): WindowRows {
  return { rows, isWhole: true, found: rows.length, resumeAfter: null };
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
