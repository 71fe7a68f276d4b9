import { scanList } from './scan-list.ts';
import type { Window, WindowSources } from './window.ts';

export interface CountedRows<Row> {
  /** The largest key first: newest first. */
  readonly rows: readonly Row[];
  /** Whether these are all of them. If not, the budget was spent. */
  readonly isWhole: boolean;
  /** The side of `rows` on which others may be missing; undefined if these are all. */
  readonly missing: 'older' | 'newer' | undefined;
}

/** Reads all rows of a window, as far as the budget goes. @throws UpstreamError */
export async function countRows<Row, Filter>(
  filter: Filter,
  window: Window<Row>,
  sources: WindowSources<Row, Filter>,
): Promise<CountedRows<Row>> {
  const { budget, list } = sources;
  const found: Row[] = [];
  // From the side on which the window is open, where no seek is needed.
  const order = window.span.from === undefined && window.span.to !== undefined ? 'asc' : 'desc';
  let isFirst = true;
  let isSpent = false;
  let isWhole = false;
  /** Rows taken from the budget for the request in flight. */
  let taken = 0;
  const nextLimit = (): number => {
    if (isSpent) return 0;
    const left = isFirst ? budget.own() : budget.left();
    isFirst = false;
    isSpent = left <= 0;
    taken = isSpent ? 0 : Math.min(list.maxRows, left);
    budget.spend(taken);
    // One row more, which is not counted, tells whether the list ends exactly there.
    return isSpent ? 1 : taken;
  };
  const request = { filter, window, order, after: null, until: null } as const;
  for await (const { rows, count, isLast } of scanList(request, nextLimit, sources)) {
    if (isSpent && count > 0) break;
    budget.spend(count - taken);
    for (const row of rows) found.push(row);
    isWhole = isLast;
  }
  const missing = isWhole ? undefined : order === 'asc' ? 'newer' : 'older';
  return { rows: order === 'asc' ? found.toReversed() : found, isWhole, missing };
}
