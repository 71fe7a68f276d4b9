import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../errors.ts';
import type { ListDefinition, ListSource, RangeQuery } from '../list.ts';
import type { Rows } from '../rows.ts';
import { mayBeCut, type PageSizes } from './page-sizes.ts';

/** Returns the rows of a range query from one request. */
export type Follow<Row, Filter> = ListSource<Row, Filter>['rowsFollowing'];

/** What paging needs to know of a list and of its upstream. */
interface Paging<Row> {
  readonly list: Pick<ListDefinition<Row>, 'positionOf'>;
  readonly memory: { readonly sizes: PageSizes };
}

/** Rows at the ends of pages that may be deleted before the next page is read. */
const MAX_DELETED = 5;

/**
 * Returns the rows of a range from as many pages as the upstream needs for them: one, if it gives as many
 * rows as are asked for. Each page is asked for and proven behind the last row of the one before it.
 *
 * @param follow returns the rows of one page
 * @throws VanishedPositionError if the row at the query's own start is gone
 */
export async function pagedRange<Row, Filter>(
  query: RangeQuery<Filter>,
  follow: Follow<Row, Filter>,
  { list: { positionOf }, memory: { sizes } }: Paging<Row>,
): Promise<Rows<Row>> {
  let rows: Rows<Row> = [];
  let deleted = 0;
  for (;;) {
    const last = rows.at(-1);
    const after = last === undefined ? query.after : positionOf(last);
    const askFor = (limit: number): Promise<Rows<Row>> => follow({ ...query, after, limit });
    try {
      // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
      const { page, limit } = await sizes.ask(query.limit - rows.length, askFor);
      rows = rows.length === 0 ? page : [...rows, ...page];
      if (rows.length === query.limit || !mayBeCut(page.length, limit)) return rows;
    } catch (error) {
      if (!(error instanceof VanishedPositionError) || last === undefined) throw error;
      // The row that the page ended with has been deleted, so it isn't in the list any more.
      rows = rows.slice(0, -1);
      deleted += 1;
      if (deleted > MAX_DELETED) throw endlessPages(error);
    }
  }
}

function endlessPages(cause: VanishedPositionError): UpstreamError {
  const message = 'Pages of the list can not be continued, whichever row they end with';
  return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { cause });
}
