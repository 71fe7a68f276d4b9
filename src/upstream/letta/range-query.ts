import { UpstreamError, VanishedPositionError } from '../../runs/errors.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import type { RunList } from '../../wire/run-list.ts';
import { noTelemetry, type UpstreamTelemetry } from '../telemetry.ts';
import { checkPage, type PageProblem } from './check-page.ts';
import { type Dialect, type DialectMemory, followingParameter, otherDialect } from './dialect.ts';
import type { ListParameters } from './runs-url.ts';

/** Sends one list request; the response is decoded but not checked. */
export type ListRuns = (parameters: ListParameters) => Promise<Pick<RunList, 'rows' | 'orders'>>;

/**
 * Returns the checked rows of a range, whichever dialect the server uses.
 *
 * Rows prove the dialect: they come after the cursor or they don't. If they don't, or if there are
 * none, the request is repeated in the other dialect, and the two responses decide: one cursor
 * parameter selects the rows after the cursor and the other those before it, while a server that
 * ignores the cursor, because its run is gone, sends the same rows for both. An empty page alone
 * proves nothing; it is accepted from a server whose dialect was proven recently.
 *
 * @throws VanishedPositionError if neither dialect gives a page after the query's start
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows out of order, too many, or not matching
 */
export async function rowsFollowing(
  query: RunRangeQuery,
  list: ListRuns,
  memory: DialectMemory,
  telemetry: UpstreamTelemetry = noTelemetry,
): Promise<readonly Run[]> {
  const { after } = query;
  if (after === null) {
    const answer = await list(query);
    throwIfInvalid(checkPage(answer, query), telemetry);
    return answer.rows;
  }
  const { dialect, proven } = memory.current;
  const rows = await rowsAfter(query, after.id, list, dialect, telemetry);
  if (rows !== null && rows.length > 0) {
    memory.learn(dialect, 'page');
    return rows;
  }
  if (rows !== null && proven) return rows;
  const otherRows = memory.forced
    ? null
    : await rowsAfter(query, after.id, list, otherDialect(dialect), telemetry);
  if (rows === null && otherRows === null) throw new VanishedPositionError(after.id);
  if (rows === null || (otherRows !== null && otherRows.length > 0)) {
    memory.learn(otherDialect(dialect), 'proof');
    return otherRows ?? [];
  }
  // Null: rows before the position, so the cursor was understood. Otherwise both pages are empty.
  if (otherRows === null) memory.learn(dialect, 'proof');
  return rows;
}

/** Requests the page after a run in one dialect; null if its rows are in another position. */
async function rowsAfter(
  query: RunRangeQuery,
  id: string,
  list: ListRuns,
  dialect: Dialect,
  telemetry: UpstreamTelemetry,
): Promise<readonly Run[] | null> {
  const answer = await list({ ...query, cursors: { [followingParameter(dialect)]: id } });
  const problem = checkPage(answer, query);
  if (problem?.kind === 'position') {
    telemetry.failedCheck('position');
    return null;
  }
  throwIfInvalid(problem, telemetry);
  return answer.rows;
}

function throwIfInvalid(problem: PageProblem | null, telemetry: UpstreamTelemetry): void {
  if (problem === null) return;
  telemetry.failedCheck(problem.kind);
  const { detail, ignoredFilters = [] } = problem;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The page does not answer its query: ${detail}`, {
    ignoredFilters,
  });
}
