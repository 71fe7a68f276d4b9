import { comparePositions, type Position } from '../../pagination/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { brokenFilters } from '../../runs/run-filters.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import type { RunList } from '../../wire/run-list.ts';

/** Why a page can't be what was asked for; the detail is for the log. */
export interface PageProblem {
  /** `position`: rows that don't lie behind the cursor, as a server with the other dialect sends. */
  readonly kind: 'position' | 'order' | 'length' | 'filter';
  readonly detail: string;
  /** Of a `filter` problem: the filters that were ignored. */
  readonly ignoredFilters?: readonly string[];
}

/**
 * Proves a page: strictly behind the query's start, in strict order (so nothing repeats), matching
 * the filter, no longer than asked. The runs API ignores what it doesn't understand, an unknown
 * cursor or parameter included, and answers 200 with other rows.
 */
export function checkPage(
  { rows, orders }: Pick<RunList, 'rows' | 'orders'>,
  query: RunRangeQuery,
): PageProblem | null {
  if (rows.length > query.limit) {
    return { kind: 'length', detail: `asked for ${query.limit} rows, got ${rows.length}` };
  }
  const sign = query.order === 'asc' ? 1 : -1;
  const isBehind = (row: Run, position: Position): boolean =>
    sign * comparePositions(positionOf(row), position) > 0;
  const [first] = rows;
  if (first !== undefined && query.after !== null && !isBehind(first, query.after)) {
    return { kind: 'position', detail: `the first row, ${first.id}, is not behind ${query.after.id}` };
  }
  const isDisorder = (row: Run, index: number): boolean => {
    const before = rows[index - 1];
    return before !== undefined && !isBehind(row, positionOf(before));
  };
  const index = orders.includes(query.order) ? -1 : rows.findIndex(isDisorder);
  if (index !== -1) {
    return { kind: 'order', detail: `row ${index}, ${rows[index]?.id}, is not behind row ${index - 1}` };
  }
  const ignoredFilters = brokenFilters(rows, query.filter);
  if (ignoredFilters.length > 0) {
    return {
      kind: 'filter',
      detail: `rows that don't match the filter: ${ignoredFilters.join(', ')} ignored`,
      ignoredFilters,
    };
  }
  return null;
}
