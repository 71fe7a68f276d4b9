import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ListDefinition, ListParameters, UncheckedPage } from '../list.ts';
import { comparePositions } from '../position.ts';
import type { Dialect } from './dialect.ts';

/** How one caller's requests for a list are sent. */
export interface ListEndpoint<Row, Filter> {
  /** Sends one request for a page; the response is decoded but not checked. */
  page(parameters: ListParameters<Filter>): Promise<UncheckedPage<Row>>;
  /** Whether there is a row with this id. */
  exists(id: string): Promise<boolean>;
}

/** The top of the list, the largest key first. */
const TOP = { filter: {}, order: 'desc' } as const;

/**
 * Finds out the dialect from rows that the upstream itself sends: the first row, and what each of
 * the two cursor parameters selects for it. Four requests, for three or four rows and one look-up.
 *
 * The parameter that selects a row which follows it decides, if the first row still exists in the
 * end: then it existed all the time, so the server didn't ignore the cursor, whatever rows were
 * created and deleted meanwhile, and by whomever.
 *
 * @returns undefined if there are fewer than two rows, or the answers don't decide
 */
export async function probeDialect<Row, Filter>(
  endpoint: ListEndpoint<Row, Filter>,
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): Promise<Dialect | undefined> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Every list can be asked without a filter.
  const list = endpoint as ListEndpoint<Row, object>;
  try {
    const [newest, second] = Array.from((await list.page({ ...TOP, limit: 2 })).rows, positionOf);
    if (newest === undefined || second === undefined) return undefined;
    const selects = async (parameter: 'before' | 'after'): Promise<boolean> => {
      const row = (await list.page({ ...TOP, limit: 1, cursors: { [parameter]: newest.id } })).rows.at(0);
      return row !== undefined && comparePositions(positionOf(row), newest) < 0;
    };
    const [isReversed, isDocumented] = await Promise.all([selects('before'), selects('after')]);
    if (isReversed === isDocumented || !(await endpoint.exists(newest.id))) return undefined;
    return isReversed ? 'reversed' : 'documented';
  } catch (error) {
    // A list that fails says nothing about the page that needs the dialect.
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}
