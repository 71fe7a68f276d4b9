import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ServedList } from '../list.ts';
import { comparePositions } from '../position.ts';
import type { CursorParameter, Dialect } from './dialect.ts';

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
  served: Pick<ServedList<Row, Filter>, 'list' | 'requestPage' | 'exists'>,
): Promise<Dialect | undefined> {
  const { positionOf } = served.list;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Every list can be asked without a filter.
  const list = served as Pick<ServedList<Row, object>, 'requestPage'>;
  try {
    const top = await list.requestPage({ ...TOP, after: null, limit: 2 }, 'before');
    const [newest, second] = Array.from(top.rows, positionOf);
    if (newest === undefined || second === undefined) return undefined;
    const selects = async (parameter: CursorParameter): Promise<boolean> => {
      const row = (await list.requestPage({ ...TOP, after: newest, limit: 1 }, parameter)).rows.at(0);
      return row !== undefined && comparePositions(positionOf(row), newest) < 0;
    };
    const [isReversed, isDocumented] = await Promise.all([selects('before'), selects('after')]);
    if (isReversed === isDocumented || !(await served.exists(newest.id))) return undefined;
    return isReversed ? 'reversed' : 'documented';
  } catch (error) {
    // A list that fails says nothing about the page that needs the dialect.
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}
