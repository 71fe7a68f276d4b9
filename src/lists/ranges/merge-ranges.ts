import type { ListDefinition, ListRequest, Rows } from '../list.ts';
import { comparePositions, signOf } from '../position.ts';
import type { ReadRange } from './read-range.ts';

/**
 * Answers a request with the rows that match any of several filters, from one range for each: what is first of all of
 * them is first of the whole. A row that matches several filters, or comes to match another one meanwhile, is returned once.
 *
 * @param stages filters that are read together. A row that changes from one filter to one of a later stage isn't missed
 */
export async function mergeRanges<Row, Filter>(
  request: ListRequest<Filter>,
  stages: readonly (readonly Filter[])[],
  readRange: ReadRange<Row, Filter>,
  { positionOf }: Pick<ListDefinition<Row>, 'positionOf'>,
): Promise<Rows<Row>> {
  const ranges: Rows<Row>[] = [];
  for (const filters of stages) {
    const reads = filters.map((filter) => readRange({ ...request, filter }));
    // oxlint-disable-next-line no-await-in-loop -- A stage is read after the one before it.
    ranges.push(...(await Promise.all(reads)));
  }
  const [only, ...others] = ranges.filter(({ length }) => length > 0);
  if (only === undefined || others.length === 0) return only ?? [];
  const sign = signOf(request.order);
  const placed = [...only, ...others.flatMap((rows) => [...rows])].map((row) => ({
    row,
    position: positionOf(row),
  }));
  // Sorting is stable: of two versions of a row, the one that was read last comes last.
  const sorted = placed.toSorted((a, b) => sign * comparePositions(a.position, b.position));
  const latest = sorted.filter(({ position }, at) => position.id !== sorted[at + 1]?.position.id);
  return latest.slice(0, request.limit).map(({ row }) => row);
}
