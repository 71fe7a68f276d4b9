import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../list-errors.ts';
import type { ListRequest, Rows, ServedList } from '../list.ts';
import { comparePositions, opposite, type Position, signOf } from '../position.ts';
import { mayBeCut } from './page-sizes.ts';

type RequestBehind<Filter> = ListRequest<Filter> & { readonly after: Position };
type Served<Row, Filter> = Pick<ServedList<Row, Filter>, 'list' | 'state'>;
/** Sends one request, and returns its checked rows. */
type Prove<Row, Filter> = (request: ListRequest<Filter>) => Promise<Rows<Row>>;

/**
 * Returns the rows behind a position where cursors skip ties: the other rows with the key of the cursor's row. For
 * `a1 b1 b2 b3 c1`, the cursor `b2` gives `c1`, so the rows behind `b2` are those behind `a1`, from `b3` on.
 *
 * @throws VanishedPositionError if the server ignores the cursor, and what `prove` throws
 */
export async function readPastTies<Row, Filter>(
  request: RequestBehind<Filter>,
  served: Served<Row, Filter>,
  prove: Prove<Row, Filter>,
): Promise<Rows<Row>> {
  const rows: Row[] = [];
  for (let { after } = request; ;) {
    const rest = { ...request, after, limit: request.limit - rows.length };
    // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
    const page = await readFirstPage(rest, served, prove);
    rows.push(...page.rows);
    const last = rows.at(-1);
    if (page.isAll || last === undefined) return rows;
    after = served.list.positionOf(last);
  }
}

/** Returns the first rows behind a position, and whether they are all that were requested, or all that there are. */
async function readFirstPage<Row, Filter>(
  request: RequestBehind<Filter>,
  { list, state }: Served<Row, Filter>,
  prove: Prove<Row, Filter>,
): Promise<{ readonly rows: readonly Row[]; readonly isAll: boolean }> {
  const { after, order, limit } = request;
  /** Finds the nearest row ahead of the position with another key; null if the list begins with the key. */
  const findStart = async (): Promise<Position | null> => {
    const ahead = (await prove({ ...request, order: opposite(order), limit: 1 })).at(0);
    const position = ahead === undefined ? null : list.positionOf(ahead);
    if (position?.key === after.key) throw new VanishedPositionError(after.id);
    return position;
  };
  const isBehind = (row: Row): boolean => signOf(order) * comparePositions(list.positionOf(row), after) > 0;
  let start = await findStart();
  let ties = 0;
  const ask = (size: number) => prove({ ...request, after: start, limit: size });
  for (let wanted = limit + 1; ; wanted *= 2) {
    // oxlint-disable-next-line no-await-in-loop -- The page of the last request showed too few rows.
    const { page, limit: most } = await state.sizes.ask(wanted, ask, wanted);
    const rows = [...page].filter(isBehind);
    const isAll = rows.length >= limit || !mayBeCut(page.length, most);
    if (isAll || rows.length > 0) return { rows: rows.slice(0, limit), isAll };
    const end = page.at(-1);
    if (end !== undefined && list.positionOf(end).key === after.key) {
      // Ties ahead of the position fill the page: a larger page has rows behind it.
      if (page.length === ties)
        throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', 'More rows have one key than a page has rows');
      ties = page.length;
    } else {
      // The page ends ahead of the position. Either rows have come between since, or no row has the position.
      // oxlint-disable-next-line no-await-in-loop -- See above.
      const moved = await findStart();
      if (moved?.id === start?.id) throw new VanishedPositionError(after.id);
      [start, ties] = [moved, 0];
    }
  }
}
