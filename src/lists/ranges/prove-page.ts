import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../errors.ts';
import type { ListRequest, ServedList } from '../list.ts';
import type { Rows } from '../rows.ts';
import { checkPage } from './check-page.ts';
import { type Dialect, followingParameter, otherDialect } from './dialect.ts';
import { probeDialect } from './probe-dialect.ts';

/**
 * Sends one request, and returns its rows, checked, whichever dialect the server uses.
 *
 * Rows prove themselves: they come after the cursor or they don't. If they don't, or if there are
 * none and the dialect was not proven recently, it is proven by a probe, and the page requested
 * accordingly. Where nothing can be proven, the request is repeated in the other dialect, and the two
 * responses decide: one cursor parameter selects the rows after the cursor and the other those before
 * it, while a server that ignores the cursor, because its row is gone, sends the same rows for both.
 *
 * The position may be forged. Then the page is wrong for the forger, and for no other caller.
 *
 * @throws VanishedPositionError if neither dialect gives a page after the request's start
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows out of order, too many, or not matching
 */
export async function provePage<Row, Filter extends object>(
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row>> {
  const { dialect } = served.memory;
  const { guess, isProven, forced } = dialect;
  const rows = await sendIn(guess, request, served);
  if (rows !== null && (rows.length > 0 || isProven || request.after === null)) return rows;

  const id = request.after?.id ?? '';
  const proven = forced ? guess : await probeDialect(served);
  if (proven !== undefined) dialect.prove(proven);
  const otherRows = proven === guess ? null : await sendIn(otherDialect(guess), request, served);
  if (proven !== undefined) return orVanished(proven === guess ? rows : otherRows, id);

  // One of the two selects the rows before the cursor, which are null or none.
  if (otherRows !== null && otherRows.length > 0) return otherRows;
  // Rows elsewhere may also be those that a server sends whose cursor's row is gone since it sent none.
  const isGone = rows !== null && otherRows === null && !(await served.exists(id));
  return orVanished(isGone ? null : (rows ?? otherRows), id);
}

/** Sends a request in one dialect, and returns its checked rows; null if they don't come after the cursor. */
async function sendIn<Row, Filter extends object>(
  dialect: Dialect,
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row> | null> {
  const { list, memory } = served;
  const parameter = followingParameter(dialect);
  let answer;
  try {
    answer = await served.send(request, parameter);
  } catch (error) {
    // Some servers check what the id of a row looks like.
    if (request.after !== null && refuses(error, parameter))
      throw new VanishedPositionError(request.after.id);
    throw error;
  }
  const problem = checkPage(answer, request, list);
  if (problem === null) return answer.rows;
  const { kind, detail, ignoredFilters = [] } = problem;
  memory.failedCheck(kind);
  if (kind === 'position') return null;
  const message = `The page does not answer its query: ${detail}`;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { ignoredFilters, row: list.row });
}

function refuses(error: unknown, parameter: string): boolean {
  return error instanceof UpstreamError && error.refusedParameters.some(({ name }) => name === parameter);
}

/** A server that ignores the cursor sends rows in another position. @throws VanishedPositionError */
function orVanished<Row>(rows: Rows<Row> | null, id: string): Rows<Row> {
  if (rows === null) throw new VanishedPositionError(id);
  return rows;
}
