import { GatewayError } from '../errors/gateway-error.ts';
import {
  connect,
  type ListArguments,
  type Page,
  type PageNeeds,
  type PagePlan,
  planPage,
} from '../lists/pages/connection.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { asCursorError, positionsOf, type RowsById, startArgument } from '../lists/pages/load-page.ts';
import { rowUpTo } from './row-up-to.ts';
import type { ScanBudgets } from './scan-budget.ts';
import { type WindowRows, windowRows } from './window-rows.ts';
import type { Window, WindowList } from './window.ts';

/** What a page of a window is loaded from. */
export interface WindowPageSources<Row, Filter> extends WindowList<Row, Filter> {
  readonly byId: RowsById<Row>;
  readonly budgets: ScanBudgets;
}

const NONE = { rows: [], isWhole: true, found: 0, resumeAfter: null };

/**
 * Loads a page of the rows of a list that lie in a window, as `loadPage` does one of all rows.
 *
 * @throws InvalidCursorError for a cursor whose row is gone or never existed
 * @throws GatewayError `SCAN_BUDGET_EXCEEDED` if they are too far from its start, or from each other
 * @throws UpstreamError
 */
export async function loadWindowPage<Row, Filter>(
  args: ListArguments<Filter>,
  needs: PageNeeds,
  window: Window<Row>,
  { budgets, ...sources }: WindowPageSources<Row, Filter>,
): Promise<Page<Row>> {
  const { list, byId } = sources;
  // What is searched comes from as many requests as it takes, so one row more can always be asked for.
  const plan = planPage(args, await positionsOf(args, sources), needs, list.maxRows + 1);
  const { page, behind, from } = plan;
  const scan = () => ({ ...sources, budget: budgets.open() });
  // The flag of the far side needs the next row, even if it lies behind the other cursor.
  const until = page !== null && page.limit > plan.size ? null : plan.until;
  let answers: readonly [page: WindowRows<Row>, behind: WindowRows<Row>];
  try {
    answers = await Promise.all([
      page === null ? NONE : windowRows({ ...page, window, until }, scan()),
      // The outermost row of a window may be far away; whether any comes before the page, its neighbour tells.
      behind === null || from === null
        ? NONE
        : rowUpTo({ ...behind, window, after: from, until: null }, scan()),
    ]);
  } catch (error) {
    throw asCursorError(error, plan, list);
  }
  const [inPage, upToStart] = answers;
  const connected = connect(plan, { page: inPage.rows, behind: upToStart.rows, beyond: [] }, list);
  // Rows behind the other cursor are none of the page.
  const found = Math.min(inPage.found, connected.rows.length);
  if (!inPage.isWhole) throw pageBudgetError(plan, budgets.rows, { ...inPage, found });
  if (!upToStart.isWhole) throw flagBudgetError(plan, budgets.rows, found);
  byId.remember(connected.rows);
  return connected;
}

/**
 * For a page that takes more rows than the budget: says how to go on, from the cursor, and with as many
 * rows as can be had there. A flag may take as many rows again.
 */
function pageBudgetError(
  plan: PagePlan<unknown>,
  budget: number,
  { found, resumeAfter }: WindowRows<unknown>,
): GatewayError {
  const argument = startArgument(plan);
  const size = plan.direction === 'forward' ? 'first' : 'last';
  const next =
    found === 0
      ? `go on with ${argument}: extensions.cursor`
      : `ask for ${size}: ${found} with ${argument}: extensions.cursor, and without hasNextPage and hasPreviousPage`;
  return new GatewayError(
    'SCAN_BUDGET_EXCEEDED',
    `Read ${budget} rows of the list without finding all runs of the page; ${found} were found. To see what follows, ${next}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: resumeAfter && encodeCursor(resumeAfter), argument },
  );
}

/** For a page of so many rows, where the flag of the side that it starts on takes more rows than the budget. */
function flagBudgetError(plan: PagePlan<unknown>, budget: number, found: number): GatewayError {
  const [flag, side] =
    plan.direction === 'forward' ? ['hasPreviousPage', 'before'] : ['hasNextPage', 'after'];
  const argument = startArgument(plan);
  return new GatewayError(
    'SCAN_BUDGET_EXCEEDED',
    `Read ${budget} rows of the list without finding out whether runs of the window come ${side} the page. Ask for it without ${flag}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: plan.from && encodeCursor(plan.from), argument },
  );
}
