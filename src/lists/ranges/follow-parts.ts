import { positionOf } from '../../runs/position.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import { comparePositions } from '../position.ts';
import type { Follow } from './repeated-keys.ts';

/** The minimum limit of the request for a part, unless the page itself is smaller. */
const MIN_SHARE = 50;

/** One part of a split range, with the rows loaded so far. */
interface Part {
  readonly filter: RunFilter;
  readonly rows: readonly Run[];
  /** Whether more rows may follow them. */
  readonly isOpen: boolean;
}

/**
 * Follows a range in parts, one for each filter, and merges the first rows of all parts. Each part is
 * asked for a share of the page, and for more only if it may hold more of it, so that many parts together
 * load about as many rows as one page.
 */
export async function followParts(
  query: RunRangeQuery,
  filters: readonly RunFilter[],
  follow: Follow,
): Promise<readonly Run[]> {
  const sign = query.order === 'asc' ? 1 : -1;
  const compare = (a: Run, b: Run): number => sign * comparePositions(positionOf(a), positionOf(b));
  const share = Math.max(MIN_SHARE, Math.ceil((2 * query.limit) / filters.length));
  const limit = Math.min(query.limit, share);
  const readMore = async (part: Part): Promise<Part> => {
    const last = part.rows.at(-1);
    const after = last === undefined ? query.after : positionOf(last);
    const rows = await follow({ ...query, filter: part.filter, after, limit });
    return { ...part, rows: [...part.rows, ...rows], isOpen: rows.length === limit };
  };
  let parts: readonly Part[] = filters.map((filter) => ({ filter, rows: [], isOpen: true }));
  for (;;) {
    const merged = parts
      .flatMap(({ rows }) => rows)
      .toSorted(compare)
      .slice(0, query.limit);
    const end = merged.length < query.limit ? undefined : merged.at(-1);
    const mayHoldMore = ({ rows, isOpen }: Part): boolean => {
      const last = rows.at(-1);
      return isOpen && (last === undefined || end === undefined || compare(last, end) < 0);
    };
    if (!parts.some(mayHoldMore)) return merged;
    parts = await Promise.all(parts.map(async (part) => (mayHoldMore(part) ? readMore(part) : part)));
  }
}
