import { GatewayError } from '../errors/gateway-error.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import type { PageSearch, PlanPart } from '../lists/pages/load-page.ts';
import { startAndEnd, startArgument } from '../lists/pages/page-errors.ts';
import type { PageBounds } from '../lists/pages/plan.ts';
import { rowUpTo } from './row-up-to.ts';
import type { ScanBudgets } from './scan-budget.ts';
import { type WindowRows, windowRows } from './window-rows.ts';
import type { Window, WindowSources } from './window.ts';

/**
 * Finds the rows of a page in a window.
 *
 * @throws GatewayError `SCAN_BUDGET_EXCEEDED` if they are too far from its start, or from each other
 */
export function searchWindow<Row, Filter>(
  window: Window<Row>,
  sources: Omit<WindowSources<Row, Filter>, 'budget'>,
  budgets: ScanBudgets,
): PageSearch<Row, Filter> {
  const found: { [Part in PlanPart]?: WindowRows<Row> } = {};
  return {
    async read(part, query, bounds) {
      const [start, end] = startAndEnd(bounds);
      const scan = { ...sources, budget: budgets.open() };
      // A flag of the far side needs the next row, even if it lies behind the end.
      const until = query.limit > bounds.size ? null : end;
      // The outermost row of a window may be far away; whether any comes before the page, its neighbour tells.
      const rows =
        part === 'page' || start === null
          ? await windowRows({ ...query, window, until }, scan)
          : await rowUpTo({ ...query, window, after: start }, scan);
      found[part] = rows;
      return rows.rows;
    },
    check({ rows }, bounds) {
      const { page, firstRow, lastRow } = found;
      // Rows behind the other cursor are none of the page.
      const count = Math.min(page?.found ?? 0, rows.length);
      if (page?.isWhole === false) throw pageBudgetError(bounds, budgets.rows, { ...page, found: count });
      if (firstRow?.isWhole === false || lastRow?.isWhole === false) {
        throw flagBudgetError(bounds, budgets.rows, count);
      }
    },
  };
}

/**
 * For a page that takes more rows than the budget: says how to go on, from the cursor, and with as many
 * rows as can be had there. A flag may take as many rows again.
 */
function pageBudgetError(
  bounds: PageBounds,
  budget: number,
  { found, resumeAfter }: WindowRows<unknown>,
): GatewayError {
  const argument = startArgument(bounds);
  const size = bounds.direction === 'forward' ? 'first' : 'last';
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
function flagBudgetError(bounds: PageBounds, budget: number, found: number): GatewayError {
  const [flag, side] =
    bounds.direction === 'forward' ? ['hasPreviousPage', 'before'] : ['hasNextPage', 'after'];
  const argument = startArgument(bounds);
  const [start] = startAndEnd(bounds);
  return new GatewayError(
    'SCAN_BUDGET_EXCEEDED',
    `Read ${budget} rows of the list without finding out whether runs of the window come ${side} the page. Ask for it without ${flag}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: start && encodeCursor(start), argument },
  );
}
