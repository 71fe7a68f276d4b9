import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import type { ListParameters } from '../../upstream/letta/runs-url.ts';
import { noTelemetry, type UpstreamTelemetry } from '../../upstream/telemetry.ts';
import { VanishedPositionError } from '../errors.ts';
import type { Rows } from '../rows.ts';
import { checkPage, type PageProblem, type UncheckedPage } from './check-page.ts';
import { type Dialect, type DialectMemory, followingParameter, otherDialect } from './dialect.ts';
import { type ProbedUpstream, probeDialect } from './probe-dialect.ts';

/** Sends one list request; the response is decoded but not checked. */
export type ListRuns = (parameters: ListParameters) => Promise<UncheckedPage>;

/**
 * Returns the checked rows of a range, whichever dialect the server uses.
 *
 * Rows prove themselves: they come after the cursor or they don't. If they don't, or if there are
 * none and the dialect was not proven recently, it is proven by a probe, and the page requested
 * accordingly. Where nothing can be proven, the request is repeated in the other dialect, and the two
 * responses decide: one cursor parameter selects the rows after the cursor and the other those before
 * it, while a server that ignores the cursor, because its run is gone, sends the same rows for both.
 *
 * The position may be forged. Then the page is wrong for the forger, and for no other caller.
 *
 * @throws VanishedPositionError if neither dialect gives a page after the query's start
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows out of order, too many, or not matching
 */
export async function rowsFollowing(
  query: RunRangeQuery,
  upstream: ProbedUpstream,
  memory: DialectMemory,
  telemetry: UpstreamTelemetry = noTelemetry,
): Promise<Rows<Run>> {
  const { list } = upstream;
  const { after } = query;
  if (after === null) {
    const answer = await list(query);
    throwIfInvalid(checkPage(answer, query), telemetry);
    return answer.rows;
  }
  const rowsIn = (dialect: Dialect): Promise<Rows<Run> | null> =>
    rowsAfter(query, after.id, list, dialect, telemetry);

  const { guess, isProven, forced } = memory;
  const rows = await rowsIn(guess);
  if (rows !== null && (rows.length > 0 || isProven)) return rows;

  const proven = forced ? guess : await probeDialect(upstream);
  if (proven !== undefined) memory.prove(proven);
  const otherRows = proven === guess ? null : await rowsIn(otherDialect(guess));
  if (proven !== undefined) return orVanished(proven === guess ? rows : otherRows, after.id);

  // One of the two selects the rows before the cursor, which are null or none.
  if (otherRows === null || otherRows.length === 0) return orVanished(rows ?? otherRows, after.id);
  return otherRows;
}

/** A server that ignores the cursor sends rows in another position. @throws VanishedPositionError */
function orVanished(rows: Rows<Run> | null, id: string): Rows<Run> {
  if (rows === null) throw new VanishedPositionError(id);
  return rows;
}

/** Requests the page after a run in one dialect; null if its rows are in another position. */
async function rowsAfter(
  query: RunRangeQuery,
  id: string,
  list: ListRuns,
  dialect: Dialect,
  telemetry: UpstreamTelemetry,
): Promise<Rows<Run> | null> {
  const parameter = followingParameter(dialect);
  const answer = await list({ ...query, cursors: { [parameter]: id } }).catch((error: unknown) => {
    // Some servers check what the id of a run looks like.
    throw isRefused(error, parameter) ? new VanishedPositionError(id) : error;
  });
  const problem = checkPage(answer, query);
  if (problem?.kind === 'position') {
    telemetry.failedCheck('position');
    return null;
  }
  throwIfInvalid(problem, telemetry);
  return answer.rows;
}

function isRefused(error: unknown, parameter: string): boolean {
  return error instanceof UpstreamError && error.refusedParameters.some(({ name }) => name === parameter);
}

function throwIfInvalid(problem: PageProblem | null, telemetry: UpstreamTelemetry): void {
  if (problem === null) return;
  telemetry.failedCheck(problem.kind);
  const { detail, ignoredFilters = [] } = problem;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The page does not answer its query: ${detail}`, {
    ignoredFilters,
  });
}
