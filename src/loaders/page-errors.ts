import { GatewayError } from '../errors/gateway-error.ts';
import { InvalidCursorError, VanishedPositionError } from '../lists/errors.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import type { PageBounds } from '../lists/pages/plan.ts';
import type { Position } from '../lists/position.ts';
import type { WindowRows } from '../windows/window-rows.ts';

/** Converts a VanishedPositionError: only the query's start is sent upstream, so that cursor's run is gone. */
export function asCursorError(error: unknown, bounds: PageBounds): unknown {
  if (!(error instanceof VanishedPositionError)) return error;
  const [position] = startAndEnd(bounds);
  const cursor = position === null ? error.id : encodeCursor(position);
  return new InvalidCursorError(
    startArgument(bounds),
    cursor,
    'is no longer valid: its run is gone; start again without it',
  );
}

/** Where the page's query starts and ends. */
export function startAndEnd({
  direction,
  after,
  before,
}: PageBounds): readonly [Position | null, Position | null] {
  return direction === 'forward' ? [after, before] : [before, after];
}

function startArgument({ direction }: PageBounds): 'after' | 'before' {
  return direction === 'forward' ? 'after' : 'before';
}

/**
 * For a page that takes more rows than the budget: says how to go on, from the cursor, and with as many
 * runs as can be had there. A flag may take as many rows again.
 */
export function pageBudgetError(bounds: PageBounds, budget: number, page: WindowRows): GatewayError {
  const found = Math.min(page.found, bounds.size);
  const argument = startArgument(bounds);
  const size = bounds.direction === 'forward' ? 'first' : 'last';
  const next =
    found === 0
      ? `go on with ${argument}: extensions.cursor`
      : `ask for ${size}: ${found} with ${argument}: extensions.cursor, and without hasNextPage and hasPreviousPage`;
  return new GatewayError(
    'SCAN_BUDGET_EXCEEDED',
    `Read ${budget} rows of the list without finding all runs of the page; ${found} were found. To see what follows, ${next}; or narrow createdAfter and createdBefore.`,
    { budget, found, cursor: page.resumeAfter && encodeCursor(page.resumeAfter), argument },
  );
}

/** For a page of so many runs, where the flag of the side that it starts on takes more rows than the budget. */
export function flagBudgetError(bounds: PageBounds, budget: number, found: number): GatewayError {
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
