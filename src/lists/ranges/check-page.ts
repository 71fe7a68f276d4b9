import { positionOf, type RunOrder } from '../../runs/position.ts';
import { mismatchedFilters } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import { comparePositions, type Position } from '../position.ts';
import type { Rows } from '../rows.ts';

/** Why a page does not answer its query; the detail is for the log. */
export interface PageProblem {
  /** `position`: rows that don't come after the cursor, as a server with the other dialect sends. */
  readonly kind: 'position' | 'order' | 'length' | 'filter';
  readonly detail: string;
  /** For a `filter` problem: the filters that were ignored. */
  readonly ignoredFilters?: readonly string[];
}

/** Rows as they were sent, and the orders in which they are already known to be strictly sorted. */
export interface UncheckedPage {
  readonly rows: Rows<Run>;
  readonly orders: readonly RunOrder[];
}

/**
 * Checks that a page answers its query: strictly after the start of the range, in strict order (so
 * without duplicates), matching the filter, within the limit. Returns null if it does. The check is
 * needed because the runs API ignores unknown cursors and parameters, and answers 200 with other rows.
 */
export function checkPage({ rows, orders }: UncheckedPage, query: RunRangeQuery): PageProblem | null {
  if (rows.length > query.limit) {
    return { kind: 'length', detail: `expected at most ${query.limit} rows, but got ${rows.length}` };
  }
  const sign = query.order === 'asc' ? 1 : -1;
  const isAfter = (row: Run, position: Position): boolean =>
    sign * comparePositions(positionOf(row), position) > 0;
  const first = rows.at(0);
  if (first !== undefined && query.after !== null && !isAfter(first, query.after)) {
    return { kind: 'position', detail: `the first row, ${first.id}, does not come after ${query.after.id}` };
  }
  const isOutOfOrder = (row: Run, index: number, all: readonly Run[]): boolean => {
    const previous = all[index - 1];
    return previous !== undefined && !isAfter(row, positionOf(previous));
  };
  const index = orders.includes(query.order) ? -1 : [...rows].findIndex(isOutOfOrder);
  if (index !== -1) {
    return {
      kind: 'order',
      detail: `row ${index}, ${rows.at(index)?.id}, does not come after row ${index - 1}`,
    };
  }
  const ignoredFilters = mismatchedFilters(rows, query.filter);
  if (ignoredFilters.length > 0) {
    return {
      kind: 'filter',
      detail: `rows that don't match the filter: ${ignoredFilters.join(', ')} ignored`,
      ignoredFilters,
    };
  }
  return null;
}
