import { mismatched } from '../filters.ts';
import type { ListDefinition, ListRequest, UncheckedPage } from '../list.ts';
import { comparePositions, signOf } from '../position.ts';

/** Why a page does not answer its request; the detail is for the log. */
export interface PageProblem {
  /** `position`: rows that don't come after the cursor, as a server with the other dialect sends. */
  readonly kind: 'position' | 'order' | 'length' | 'filter';
  readonly detail: string;
  /** For a `filter` problem: the filters that were ignored. */
  readonly ignoredFilters?: readonly string[];
}

/**
 * Checks that a page answers its request: strictly after the position, in strict order (so
 * without duplicates), matching the filter, within the limit. Returns null if it does. The check is
 * needed because an API may ignore unknown cursors and parameters, and answer 200 with other rows.
 */
export function checkPage<Row>(
  { rows, orders }: UncheckedPage<Row>,
  { filter, order, after, limit }: ListRequest<object>,
  { positionOf, filters }: Pick<ListDefinition<Row>, 'positionOf' | 'filters'>,
): PageProblem | null {
  if (rows.length > limit) {
    return { kind: 'length', detail: `expected at most ${limit} rows, but got ${rows.length}` };
  }
  const sign = signOf(order);
  const first = rows.at(0);
  if (first !== undefined && after !== null && sign * comparePositions(positionOf(first), after) <= 0) {
    const detail = `the first row, ${positionOf(first).id}, does not come after ${after.id}`;
    return { kind: 'position', detail };
  }
  if (!orders.includes(order)) {
    const positions = Array.from(rows, positionOf);
    const index = positions.findIndex((position, at) => {
      const previous = positions[at - 1];
      return previous !== undefined && sign * comparePositions(position, previous) <= 0;
    });
    if (index !== -1) {
      const detail = `row ${index}, ${positions[index]?.id}, does not come after row ${index - 1}`;
      return { kind: 'order', detail };
    }
  }
  const ignoredFilters = mismatched(filters, rows, filter);
  if (ignoredFilters.length === 0) return null;
  const detail = `rows that don't match the filter: ${ignoredFilters.join(', ')} ignored`;
  return { kind: 'filter', detail, ignoredFilters };
}
