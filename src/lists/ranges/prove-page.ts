import { UpstreamError } from '../../errors/upstream-error.ts';
import { mismatched } from '../filters.ts';
import { VanishedPositionError } from '../list-errors.ts';
import type { ListRequest, Rows, ServedList, UncheckedPage } from '../list.ts';
import { comparePositions, signOf } from '../position.ts';
import type { Dialect } from './dialect.ts';
import { probeDialect } from './probe-dialect.ts';
import { readPastTies } from './read-past-ties.ts';

/**
 * Sends one request in either dialect, and returns its rows, checked. Rows prove themselves by position; otherwise the
 * dialect is probed, or both parameters are tried: a server that ignores an unknown cursor sends the same rows for both.
 *
 * @throws VanishedPositionError if neither dialect gives a page after the request's start
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows that are out of order, too many, or don't match
 */
export function provePage<Row, Filter extends object>(
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row>> {
  const { after } = request;
  if (after === null || served.list.cursorsSkipTies !== true) return proveOne(request, served);
  return readPastTies({ ...request, after }, served, (part) => proveOne(part, served));
}

async function proveOne<Row, Filter extends object>(
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row>> {
  const { dialect } = served.state;
  const { guess, isProven, forced } = dialect;
  const rows = await requestIn(guess, request, served);
  if (rows !== null && (rows.length > 0 || isProven || request.after === null)) return rows;

  const id = request.after?.id ?? '';
  const proven = forced ? guess : await probeDialect(served);
  if (proven !== undefined) dialect.prove(proven);
  const other = guess === 'reversed' ? 'documented' : 'reversed';
  const otherRows = proven === guess ? null : await requestIn(other, request, served);
  if (proven !== undefined) return orVanished(proven === guess ? rows : otherRows, id);

  // One of the two parameters selects rows before the cursor: its response is null or empty.
  if (otherRows !== null && otherRows.length > 0) return otherRows;
  // The row of the cursor may have been deleted between the two requests, so that the second request ignored it.
  const isGone = rows !== null && otherRows === null && !(await served.exists(id));
  return orVanished(isGone ? null : (rows ?? otherRows), id);
}

/** Sends a request in one dialect, and returns its checked rows; null if they don't come after the cursor. */
async function requestIn<Row, Filter extends object>(
  dialect: Dialect,
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row> | null> {
  // The parameter that selects the rows that follow a run.
  const parameter = dialect === 'reversed' ? 'before' : 'after';
  let page;
  try {
    page = await served.requestPage(request, parameter);
  } catch (error) {
    // Some servers refuse ids in another form than theirs.
    const isRefused =
      error instanceof UpstreamError &&
      (error.refusedParameters.some(({ name }) => name === parameter) ||
        (error.status === 404 && served.list.refusesUnknownCursors === true));
    if (request.after !== null && isRefused) throw new VanishedPositionError(request.after.id);
    throw error;
  }
  return checkPage(page, request, served) ? page.rows : null;
}

/** Returns rows, or throws if the server ignored the cursor. @throws VanishedPositionError */
function orVanished<Row>(rows: Rows<Row> | null, id: string): Rows<Row> {
  if (rows === null) throw new VanishedPositionError(id);
  return rows;
}

/**
 * Checks that a page answers its request: strictly after the position, in strict order, matching the filter, within the
 * limit. An API may ignore unknown cursors and parameters. Returns false for rows that don't come after the position,
 * as a server of the other dialect sends them. @throws UpstreamError for any other problem
 */
function checkPage<Row, Filter extends object>(
  { rows, orders }: UncheckedPage<Row>,
  { filter, order, after, limit }: ListRequest<Filter>,
  { list: { positionOf, filters, noun }, state }: Pick<ServedList<Row, Filter>, 'list' | 'state'>,
): boolean {
  /** @param detail for the log */
  const failed = (check: 'order' | 'length' | 'filter', detail: string, ignored: readonly string[] = []) => {
    state.failedCheck(check);
    const message = `The page does not answer its query: ${detail}`;
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { ignoredFilters: ignored, noun });
  };
  if (rows.length > limit) throw failed('length', `expected at most ${limit} rows, but got ${rows.length}`);
  const sign = signOf(order);
  const first = rows.at(0);
  if (first !== undefined && after !== null && sign * comparePositions(positionOf(first), after) <= 0) {
    state.failedCheck('position');
    return false;
  }
  if (!orders.includes(order)) {
    const positions = Array.from(rows, positionOf);
    const index = positions.findIndex((position, at) => {
      const previous = positions[at - 1];
      return previous !== undefined && sign * comparePositions(position, previous) <= 0;
    });
    const detail = `row ${index}, ${positions[index]?.id}, does not come after row ${index - 1}`;
    if (index !== -1) throw failed('order', detail);
  }
  const ignored = mismatched(filters, rows, filter);
  if (ignored.length === 0) return true;
  throw failed('filter', `rows that don't match the filter: ${ignored.join(', ')} ignored`, ignored);
}
