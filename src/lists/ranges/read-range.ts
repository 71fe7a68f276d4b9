import { cantContinue, VanishedPositionError } from '../list-errors.ts';
import type { ListRequest, Rows, ServedList } from '../list.ts';
import { mayBeCut } from './page-sizes.ts';
import { provePage } from './prove-page.ts';

/** Returns the rows that a request asks for, checked: see `readRange`. */
export type ReadRange<Row, Filter> = (request: ListRequest<Filter>) => Promise<Rows<Row>>;

/**
 * Returns the rows that a request asks for, from as many pages as the upstream needs. Each page is proven behind the last
 * row of the previous page, so the rows are strictly behind `after`, in strict order, and match the filter.
 *
 * @throws VanishedPositionError if the row at `after` is gone
 * @throws ArgumentError for a filter with more values than fit into one address
 * @throws UpstreamError
 */
export async function readRange<Row, Filter extends object>(
  request: ListRequest<Filter>,
  served: ServedList<Row, Filter>,
): Promise<Rows<Row>> {
  const { list, state } = served;
  let rows: Rows<Row> = [];
  // Behind a cursor that skips ties, a page has a row less than its request.
  const spare = list.cursorsSkipTies === true ? 1 : 0;
  for (;;) {
    const last = rows.at(-1);
    const after = last === undefined ? request.after : list.positionOf(last);
    const provenPage = (limit: number): Promise<Rows<Row>> =>
      provePage({ ...request, after, limit: limit - spare }, served);
    try {
      // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
      const { page, limit } = await state.sizes.ask(request.limit - rows.length + spare, provenPage);
      rows = rows.length === 0 ? page : [...rows, ...page];
      if (rows.length === request.limit || !mayBeCut(page.length, limit - spare)) return rows;
    } catch (error) {
      if (!(error instanceof VanishedPositionError) || last === undefined) throw error;
      throw cantContinue(error);
    }
  }
}
