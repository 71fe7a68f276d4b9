import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../errors.ts';
import type { ListRequest, Rows, ServedList } from '../list.ts';
import { comparePositions, opposite, type Position, signOf } from '../position.ts';
import { mayBeCut } from './page-sizes.ts';

/**
 * Returns the rows behind a position where cursors skip ties. They are requested behind the nearest row ahead of it with
 * another key, by one row more than the limit, and those up to the position are left out.
 *
 * @param prove sends one request, and returns its checked rows
 * @throws VanishedPositionError if the server ignores the cursor, and what `prove` throws
 */
export async function readPastTies<Row, Filter>(
  request: ListRequest<Filter> & { readonly after: Position },
  served: Pick<ServedList<Row, Filter>, 'list' | 'state'>,
  prove: (request: ListRequest<Filter>) => Promise<Rows<Row>>,
): Promise<Rows<Row>> {
  const { after, order, limit } = request;
  const { list, state } = served;
  const isBehind = (row: Row): boolean => signOf(order) * comparePositions(list.positionOf(row), after) > 0;
  const findStart = async (): Promise<Position | null> => {
    const ahead = (await prove({ ...request, order: opposite(order), limit: 1 })).at(0);
    const position = ahead === undefined ? null : list.positionOf(ahead);
    if (position?.key === after.key) throw new VanishedPositionError(after.id);
    return position;
  };
  let start = await findStart();
  const ask = (most: number) => prove({ ...request, after: start, limit: most });
  let read = 0;
  for (let wanted = limit + 1; ; wanted *= 2) {
    // oxlint-disable-next-line no-await-in-loop -- Only ties that fill a page take a larger one.
    const { page: rows, limit: most } = await state.sizes.ask(wanted, ask, wanted);
    const behind = [...rows].filter(isBehind);
    const last = behind.at(-1);
    if (behind.length >= limit || !mayBeCut(rows.length, most)) return behind.slice(0, limit);
    if (last !== undefined) {
      const rest = { ...request, after: list.positionOf(last), limit: limit - behind.length };
      return [...behind, ...(await readPastTies(rest, served, prove))];
    }
    const end = rows.at(-1);
    if (end !== undefined && list.positionOf(end).key !== after.key) {
      // No ties: unless rows have come between since, the start isn't next to the cursor, which is made up.
      const moved = await findStart();
      if (moved?.id === start?.id) throw new VanishedPositionError(after.id);
      start = moved;
      read = 0;
      continue;
    }
    if (rows.length === read)
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', 'More rows have one key than a page has rows');
    read = rows.length;
  }
}
