import type { ListDefinition, RangeQuery } from '../list.ts';
import { comparePositions, signOf } from '../position.ts';
import type { Follow } from './paged-range.ts';

/** The minimum limit of the request for a part, unless the page itself is smaller. */
const MIN_SHARE = 50;

/** One part of a split range, with the rows loaded so far. */
interface Part<Row, Filter> {
  readonly filter: Filter;
  readonly rows: readonly Row[];
  /** Whether more rows may follow them. */
  readonly isOpen: boolean;
}

/**
 * Follows a range in parts, one for each filter, and merges the first rows of all parts; a row of several parts
 * comes once. Each part is asked for a share of the page, and for more only if it may hold more of it, so that
 * many parts together load about as many rows as one page.
 */
export async function mergeParts<Row, Filter>(
  query: RangeQuery<Filter>,
  filters: readonly Filter[],
  follow: Follow<Row, Filter>,
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): Promise<readonly Row[]> {
  const sign = signOf(query.order);
  const compare = (a: Row, b: Row): number => sign * comparePositions(positionOf(a), positionOf(b));
  const share = Math.max(MIN_SHARE, Math.ceil((2 * query.limit) / filters.length));
  const limit = Math.min(query.limit, share);
  const readMore = async (part: Part<Row, Filter>): Promise<Part<Row, Filter>> => {
    const last = part.rows.at(-1);
    const after = last === undefined ? query.after : positionOf(last);
    const rows = await follow({ ...query, filter: part.filter, after, limit });
    return { ...part, rows: [...part.rows, ...rows], isOpen: rows.length === limit };
  };
  let parts: readonly Part<Row, Filter>[] = filters.map((filter) => ({ filter, rows: [], isOpen: true }));
  for (;;) {
    const merged = parts
      .flatMap(({ rows }) => rows)
      .toSorted(compare)
      .filter((row, index, all) => index === 0 || compare(row, all[index - 1] ?? row) !== 0)
      .slice(0, query.limit);
    const end = merged.length < query.limit ? undefined : merged.at(-1);
    const mayHoldMore = ({ rows, isOpen }: Part<Row, Filter>): boolean => {
      const last = rows.at(-1);
      return isOpen && (last === undefined || end === undefined || compare(last, end) < 0);
    };
    if (!parts.some(mayHoldMore)) return merged;
    parts = await Promise.all(parts.map(async (part) => (mayHoldMore(part) ? readMore(part) : part)));
  }
}
