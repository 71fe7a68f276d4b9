import { UpstreamError, VanishedPositionError } from '../../runs/errors.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import type { RunList } from '../../wire/run-list.ts';
import { noTelemetry, type UpstreamTelemetry } from '../telemetry.ts';
import { checkPage, type PageProblem } from './check-page.ts';
import { type Dialect, type DialectMemory, followingParameter, otherDialect } from './dialect.ts';
import type { ListParameters } from './runs-url.ts';

/** One request for a list, decoded but not checked. */
export type ListRuns = (parameters: ListParameters) => Promise<Pick<RunList, 'rows' | 'orders'>>;

/**
 * The rows of a range, proven, whichever dialect the server speaks.
 *
 * Rows prove themselves: they lie behind the cursor or they don't. If they don't, or if there are
 * none, the question is put once more in the other dialect, and the two answers tell: of a cursor's
 * two parameters one gives the rows behind it and the other those ahead of it, and a server that
 * ignores the cursor, because its run is gone, gives the same rows to both. An empty page alone
 * proves nothing; it is believed from a server whose dialect was proven lately.
 *
 * @throws VanishedPositionError when no page behind the query's start can be had
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
    throwIfBroken(checkPage(answer, query), telemetry);
    return answer.rows;
  }
  const { dialect, proven } = memory.current;
  const rows = await rowsBehind(query, after.id, list, dialect, telemetry);
  if (rows !== null && rows.length > 0) {
    memory.learn(dialect, 'page');
    return rows;
  }
  if (rows !== null && proven) return rows;
  const others = memory.forced
    ? null
    : await rowsBehind(query, after.id, list, otherDialect(dialect), telemetry);
  if (rows === null && others === null) throw new VanishedPositionError(after.id);
  if (rows === null || (others !== null && others.length > 0)) {
    memory.learn(otherDialect(dialect), 'proof');
    return others ?? [];
  }
  // Rows ahead of the position show that the cursor was understood; without any there is nothing to learn.
  if (others === null) memory.learn(dialect, 'proof');
  return rows;
}

/** The page behind a run as one dialect asks for it; null when what came lies elsewhere. */
async function rowsBehind(
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
  throwIfBroken(problem, telemetry);
  return answer.rows;
}

function throwIfBroken(problem: PageProblem | null, telemetry: UpstreamTelemetry): void {
  if (problem === null) return;
  telemetry.failedCheck(problem.kind);
  const { detail, ignoredFilters = [] } = problem;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The page is not what was asked for: ${detail}`, {
    ignoredFilters,
  });
}
