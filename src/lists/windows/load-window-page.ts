import { GatewayError } from '../../errors/gateway-error.ts';
import { buildPage, type Page } from '../pages/build-page.ts';
import { encodeCursor } from '../pages/cursor.ts';
import { loadPlanned, type PageSources, startArgument } from '../pages/load-page.ts';
import type { ListArguments, PageNeeds, PagePlan } from '../pages/plan-page.ts';
import { comparePositions, opposite, type Position, signOf } from '../position.ts';
import { searchWindow, type WindowRows } from './search-window.ts';
import { sideOf, type Window, type WindowRequest, type WindowSources } from './window.ts';

const NONE = { rows: [], isWhole: true, found: 0, resumeAfter: null };

/**
 * Loads a page of the rows of a list that lie in a window, as `loadPage` loads a page of all rows.
 *
 * @throws InvalidCursorError for a cursor whose row is gone or never existed
 * @throws GatewayError `SCAN_BUDGET_EXCEEDED` if the rows are too far from the page's start, or from each other
 * @throws UpstreamError
 */
export async function loadWindowPage<Row, Filter>(
  args: ListArguments<Filter>,
  needs: PageNeeds,
  window: Window<Row>,
  sources: PageSources<Row, Filter> & WindowSources<Row, Filter>,
): Promise<Page<Row>> {
  const { list, budget } = sources;
  // A search takes any number of requests, so its limit may be one row more than a page may have.
  return loadPlanned(args, needs, list.maxRows + 1, sources, async (plan) => {
    const { page, behind, from } = plan;
    // The flag of the far side needs the next row, even if it lies behind the other cursor.
    const until = page !== null && page.limit > plan.size ? null : plan.until;
    // No row after the first row behind the other cursor is needed.
    const isBeyond = (row: Row): boolean =>
      plan.until !== null && signOf(plan.order) * comparePositions(list.positionOf(row), plan.until) >= 0;
    const [inPage, upToStart] = await Promise.all([
      page === null ? NONE : searchWindow({ ...page, window, until }, sources, undefined, isBeyond),
      behind === null || from === null
        ? NONE
        : rowUpTo({ ...behind, window, after: from, until: null }, sources),
    ]);
    const ranges = { page: inPage.rows, behind: upToStart.rows, beyond: [] };
    if (inPage.isWhole && upToStart.isWhole) return ranges;
    // Rows behind the other cursor don't count, since they don't belong to the page.
    const found = Math.min(inPage.found, buildPage(plan, ranges, list).rows.length);
    throw budgetError(plan, budget.rows, { ...inPage, found });
  });
}

/**
 * Returns the nearest row of a window that is at a position or before it, if there is such a row. It proves as much as
 * the first row of the window, which may be far away.
 */
async function rowUpTo<Row, Filter>(
  request: WindowRequest<Row, Filter> & { readonly after: Position },
  sources: WindowSources<Row, Filter>,
): Promise<WindowRows<Row>> {
  const { window, order, after } = request;
  const before = await searchWindow({ ...request, order: opposite(order) }, sources);
  if (before.rows.length > 0 || !before.isWhole) return before;
  if (sideOf(after.key, window.span, order) !== 'inside') return before;
  // If the row at the position itself lies in the window, it is the window's first row.
  return searchWindow({ ...request, after: null, until: after }, sources);
}

/**
 * Returns the error for a page, or a flag of its start, that takes more rows than the budget. It says how to go on: from
 * which cursor, and with how many rows.
 */
function budgetError(
  plan: PagePlan<unknown>,
  budget: number,
  { isWhole, found, resumeAfter }: WindowRows<unknown>,
): GatewayError {
  const argument = startArgument(plan);
  const [size, flag, side] =
    plan.direction === 'forward' ? ['first', 'hasPreviousPage', 'before'] : ['last', 'hasNextPage', 'after'];
  const next =
    found === 0
      ? `go on with ${argument}: extensions.cursor`
      : `ask for ${size}: ${found} with ${argument}: extensions.cursor, and without hasNextPage and hasPreviousPage`;
  const why = isWhole
    ? `out whether runs of the window come ${side} the page. Ask for it without ${flag}`
    : `all runs of the page; ${found} were found. To see what follows, ${next}`;
  const cursor = isWhole ? plan.from : resumeAfter;
  return new GatewayError(
    'SCAN_BUDGET_EXCEEDED',
    `Read ${budget} rows of the list without finding ${why}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: cursor && encodeCursor(cursor), argument },
  );
}
