import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ServedList } from '../list.ts';
import { comparePositions } from '../position.ts';
import type { CursorParameter, Dialect } from './dialect.ts';

/** The top of the list, the largest key first. */
const TOP = { filter: {}, order: 'desc' } as const;

/**
 * Detects, by four requests, which of the two cursor parameters selects a row that follows the first row. If the first
 * row exists after the other requests, the server can't have ignored it as an unknown cursor.
 *
 * @returns undefined if there are fewer than two rows, or the responses don't decide
 */
export async function probeDialect<Row, Filter>(
  served: Pick<ServedList<Row, Filter>, 'list' | 'requestPage' | 'exists'>,
): Promise<Dialect | undefined> {
  const { positionOf } = served.list;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Every list takes a request without a filter.
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
    // The page that needs the dialect may succeed although a probe of the list fails.
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}
