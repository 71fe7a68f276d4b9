import type { ListDefinition, ListRequest, Rows } from '../list.ts';
import { comparePositions, signOf } from '../position.ts';
import type { ReadRange } from './read-range.ts';

/**
 * Returns a function that answers a request with the rows that match any of several filters, by one range for each: the
 * first rows of all are among the first of each. A row that matches several filters, or changes meanwhile, comes once.
 *
 * @param stages groups of filters, read one after the other, so that a row that moves on to a later group isn't missed
 */
export function mergeRanges<Row, Filter>(
  readRange: ReadRange<Row, Filter>,
  stages: readonly (readonly Filter[])[],
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): ReadRange<Row, Filter> {
  return async (request: ListRequest<Filter>) => {
    const ranges: Rows<Row>[] = [];
    for (const filters of stages) {
      // oxlint-disable-next-line no-await-in-loop -- A stage is read after the one before it.
      ranges.push(...(await Promise.all(filters.map((filter) => readRange({ ...request, filter })))));
    }
    const [only = [], ...others] = ranges.filter(({ length }) => length > 0);
    // If one range has all rows, the rows stay text.
    if (others.length === 0) return only;
    const placed = [only, ...others].flatMap((rows) =>
      Array.from(rows, (row) => ({ row, at: positionOf(row) })),
    );
    const sorted = placed.toSorted((a, b) => signOf(request.order) * comparePositions(a.at, b.at));
    // Sorting is stable: of two versions of a row, the second one was read later.
    const latest = sorted.filter(({ at }, index) => at.id !== sorted[index + 1]?.at.id);
    return latest.slice(0, request.limit).map(({ row }) => row);
  };
}
