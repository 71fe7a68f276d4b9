import { searchWindow } from './search-window.ts';
import type { Window, WindowSources } from './window.ts';

/** The rows of a window that were read to count them. */
export interface CountedRows<Row> {
  /** The largest key first: newest first. */
  readonly rows: readonly Row[];
  /** Whether `rows` are all rows of the window. If not, the budget was spent. */
  readonly isWhole: boolean;
  /** The side of `rows` on which rows may be missing; undefined if none are. */
  readonly missing: 'older' | 'newer' | undefined;
}

/** Reads all rows of a window, as far as the budget goes. @throws UpstreamError */
export async function readWindow<Row, Filter>(
  filter: Filter,
  window: Window<Row>,
  sources: WindowSources<Row, Filter>,
): Promise<CountedRows<Row>> {
  // Rows are read from the side on which the window is open, where no seek is needed.
  const order = window.span.from === undefined && window.span.to !== undefined ? 'asc' : 'desc';
  const { budget } = sources;
  // One more row than the budget is requested, to see whether the list ends exactly there.
  const all = { filter, window, order, after: null, until: null, limit: Infinity } as const;
  const { rows, isWhole } = await searchWindow(all, sources, budget.rows + 1);
  const counted = isWhole ? rows : rows.slice(0, budget.rows);
  const missing = isWhole ? undefined : order === 'asc' ? 'newer' : 'older';
  return { rows: order === 'asc' ? counted.toReversed() : counted, isWhole, missing };
}
