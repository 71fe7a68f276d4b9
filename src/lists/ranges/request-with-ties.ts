import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../errors.ts';
import type { ListRequest, Rows, ServedList, UncheckedPage } from '../list.ts';
import { comparePositions, opposite, type Position, signOf } from '../position.ts';
import type { CursorParameter } from './dialect.ts';
import { mayBeCut } from './page-sizes.ts';

/**
 * Sends a request. Where cursors skip ties, the rows behind a position are requested behind the nearest row ahead of it
 * with another key, by one row more than the limit, and those up to the position are left out.
 *
 * @throws VanishedPositionError if the server ignores the cursor
 */
export async function requestWithTies<Row, Filter>(
  request: ListRequest<Filter>,
  parameter: CursorParameter,
  served: Pick<ServedList<Row, Filter>, 'list' | 'requestPage'>,
): Promise<UncheckedPage<Row>> {
  const { after, order, limit } = request;
  const { positionOf, cursorsSkipTies } = served.list;
  if (after === null || cursorsSkipTies !== true) return served.requestPage(request, parameter);
  const isBehind = (row: Row, start: Position): boolean =>
    signOf(order) * comparePositions(positionOf(row), start) > 0;
  const nearest = { ...request, order: opposite(order), limit: 1 };
  const ahead = (await served.requestPage(nearest, parameter)).rows.at(0);
  const start = ahead === undefined ? null : positionOf(ahead);
  if (ahead !== undefined && isBehind(ahead, after)) throw new VanishedPositionError(after.id);
  let rows: Rows<Row> = [];
  for (let wanted = limit + 1; ; wanted *= 2) {
    const { length } = rows;
    // oxlint-disable-next-line no-await-in-loop -- Only ties that fill a page take a larger one.
    ({ rows } = await served.requestPage({ ...request, after: start, limit: wanted }, parameter));
    const first = rows.at(0);
    if (start !== null && first !== undefined && !isBehind(first, start))
      throw new VanishedPositionError(after.id);
    const behind = [...rows].filter((row) => isBehind(row, after));
    const last = behind.at(-1);
    if (behind.length >= limit || !mayBeCut(rows.length, wanted))
      return { rows: behind.slice(0, limit), orders: [] };
    if (last !== undefined) {
      const rest = { ...request, after: positionOf(last), limit: limit - behind.length };
      // oxlint-disable-next-line no-await-in-loop -- It returns.
      return { rows: [...behind, ...(await requestWithTies(rest, parameter, served)).rows], orders: [] };
    }
    if (rows.length > length) continue;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `More rows share an instant than a page has`);
  }
}
