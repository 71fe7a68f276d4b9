import { comparePositions } from '../pagination/position.ts';
import { positionOf } from '../runs/position.ts';
import { brokenFilters } from '../runs/query.ts';
import type { Run } from '../runs/run.ts';
import type { RunScan } from '../runs/source.ts';

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
export function checkPage(rows: readonly Run[], scan: RunScan): PageProblem | null {
  if (rows.length > scan.limit) {
    return { kind: 'length', detail: `asked for ${scan.limit} rows, got ${rows.length}` };
  }
  const sign = scan.order === 'asc' ? 1 : -1;
  let previous = scan.after;
  for (const [index, row] of rows.entries()) {
    const position = positionOf(row);
    if (previous !== null && sign * comparePositions(position, previous) <= 0) {
      return index === 0
        ? { kind: 'place', detail: `the first row, ${row.id}, is not behind ${previous.id}` }
        : { kind: 'order', detail: `row ${index}, ${row.id}, is not behind row ${index - 1}` };
    }
    previous = position;
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
