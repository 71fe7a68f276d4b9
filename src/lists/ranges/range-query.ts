import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../errors.ts';
import type { ListDefinition, RangeQuery } from '../list.ts';
import type { Rows } from '../rows.ts';
import { checkPage, type PageProblem } from './check-page.ts';
import { type Dialect, type DialectMemory, followingParameter, otherDialect } from './dialect.ts';
import { type ListEndpoint, probeDialect } from './probe-dialect.ts';

/** What a query needs to know of a list and of its upstream. */
interface Proving<Row> {
  readonly list: Pick<ListDefinition<Row>, 'row' | 'positionOf' | 'filters'>;
  readonly memory: { readonly dialect: DialectMemory; readonly failedCheck: ReportFailedCheck };
}

/** A page failed a check. */
export type ReportFailedCheck = (kind: PageProblem['kind']) => void;

/**
 * Returns the checked rows of a range, whichever dialect the server uses.
 *
 * Rows prove themselves: they come after the cursor or they don't. If they don't, or if there are
 * none and the dialect was not proven recently, it is proven by a probe, and the page requested
 * accordingly. Where nothing can be proven, the request is repeated in the other dialect, and the two
 * responses decide: one cursor parameter selects the rows after the cursor and the other those before
 * it, while a server that ignores the cursor, because its row is gone, sends the same rows for both.
 *
 * The position may be forged. Then the page is wrong for the forger, and for no other caller.
 *
 * @throws VanishedPositionError if neither dialect gives a page after the query's start
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows out of order, too many, or not matching
 */
export async function rowsFollowing<Row, Filter extends object>(
  query: RangeQuery<Filter>,
  endpoint: ListEndpoint<Row, Filter>,
  { list, memory: { dialect, failedCheck } }: Proving<Row>,
): Promise<Rows<Row>> {
  const { after } = query;
  if (after === null) {
    const answer = await endpoint.page(query);
    throwIfInvalid(checkPage(answer, query, list), list.row, failedCheck);
    return answer.rows;
  }
  /** Requests the page in one dialect; null if its rows are in another position. */
  const rowsIn = async (spoken: Dialect): Promise<Rows<Row> | null> => {
    const parameter = followingParameter(spoken);
    const answer = await endpoint
      .page({ ...query, cursors: { [parameter]: after.id } })
      .catch((error: unknown) => {
        // Some servers check what the id of a row looks like.
        throw isRefused(error, parameter) ? new VanishedPositionError(after.id) : error;
      });
    const problem = checkPage(answer, query, list);
    if (problem?.kind !== 'position') {
      throwIfInvalid(problem, list.row, failedCheck);
      return answer.rows;
    }
    failedCheck('position');
    return null;
  };

  const { guess, isProven, forced } = dialect;
  const rows = await rowsIn(guess);
  if (rows !== null && (rows.length > 0 || isProven)) return rows;

  const proven = forced ? guess : await probeDialect(endpoint, list);
  if (proven !== undefined) dialect.prove(proven);
  const otherRows = proven === guess ? null : await rowsIn(otherDialect(guess));
  if (proven !== undefined) return orVanished(proven === guess ? rows : otherRows, after.id);

  // One of the two selects the rows before the cursor, which are null or none.
  if (otherRows !== null && otherRows.length > 0) return otherRows;
  // Rows elsewhere may also be those that a server sends whose cursor's row is gone since it sent none.
  const isGone = rows !== null && otherRows === null && !(await endpoint.exists(after.id));
  return orVanished(isGone ? null : (rows ?? otherRows), after.id);
}

/** A server that ignores the cursor sends rows in another position. @throws VanishedPositionError */
function orVanished<Row>(rows: Rows<Row> | null, id: string): Rows<Row> {
  if (rows === null) throw new VanishedPositionError(id);
  return rows;
}

function isRefused(error: unknown, parameter: string): boolean {
  return error instanceof UpstreamError && error.refusedParameters.some(({ name }) => name === parameter);
}

function throwIfInvalid(problem: PageProblem | null, row: string, failedCheck: ReportFailedCheck): void {
  if (problem === null) return;
  failedCheck(problem.kind);
  const { detail, ignoredFilters = [] } = problem;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The page does not answer its query: ${detail}`, {
    ignoredFilters,
    row,
  });
}
