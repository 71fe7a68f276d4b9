import { comparePositions, type Position } from '../../pagination/position.ts';
import { positionOf } from '../../runs/position.ts';
import { brokenFilters } from '../../runs/query.ts';
import type { Run } from '../../runs/run.ts';
import type { RunScan } from '../../runs/source.ts';
import type { RunList } from '../../wire/run-list.ts';

/** Why a page can't be what was asked for; the detail is for the log. */
export interface PageProblem {
  /** `place`: rows that don't lie behind the cursor, as a server with the other dialect sends. */
  readonly kind: 'place' | 'order' | 'length' | 'filter';
  readonly detail: string;
  /** Of a `filter` problem: the filters that were ignored. */
  readonly ignoredFilters?: readonly string[];
}

/**
 * Proves a page: strictly behind the scan's start, in strict order (so nothing repeats), matching
 * the filter, no longer than asked. The runs API ignores what it doesn't understand, an unknown
 * cursor or parameter included, and answers 200 with other rows.
 */
export function checkPage(
  { rows, orders }: Pick<RunList, 'rows' | 'orders'>,
  scan: RunScan,
): PageProblem | null {
  if (rows.length > scan.limit) {
    return { kind: 'length', detail: `asked for ${scan.limit} rows, got ${rows.length}` };
  }
  const sign = scan.order === 'asc' ? 1 : -1;
  const isBehind = (row: Run, place: Position): boolean =>
    sign * comparePositions(positionOf(row), place) > 0;
  const [first] = rows;
  if (first !== undefined && scan.after !== null && !isBehind(first, scan.after)) {
    return { kind: 'place', detail: `the first row, ${first.id}, is not behind ${scan.after.id}` };
  }
  const isDisorder = (row: Run, index: number): boolean => {
    const before = rows[index - 1];
    return before !== undefined && !isBehind(row, positionOf(before));
  };
  const index = orders.includes(scan.order) ? -1 : rows.findIndex(isDisorder);
  if (index !== -1) {
    return { kind: 'order', detail: `row ${index}, ${rows[index]?.id}, is not behind row ${index - 1}` };
  }
  const ignoredFilters = brokenFilters(rows, scan.filter);
  if (ignoredFilters.length > 0) {
    return {
      kind: 'filter',
      detail: `rows that don't match the filter: ${ignoredFilters.join(', ')} ignored`,
      ignoredFilters,
    };
  }
  return null;
}
