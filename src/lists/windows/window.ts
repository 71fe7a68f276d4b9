import type { ListDefinition, ListRequest } from '../list.ts';
import type { Order, Position } from '../position.ts';
import type { ReadRange } from '../ranges/read-range.ts';

/** The instants between which rows are wanted, in the format of keys. */
export interface TimeSpan {
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Selects rows by what the list's API has no filters for. The keys of the list are instants. */
export interface Window<Row> {
  readonly span: TimeSpan;
  /** Whether no row can lie in the window. */
  readonly isEmpty: boolean;
  /** Whether rows of the span may lie outside of the window, by something that the list is not sorted by. */
  readonly isSparse: boolean;
  readonly matches: (row: Row) => boolean;
  /** Checks that rows have what `matches` needs. @throws UnsupportedError */
  readonly check?: (rows: readonly Row[]) => Promise<void>;
}

/** A question for the row next to an instant. */
export interface Seek {
  /** An instant, in the format of keys. */
  readonly instant: string;
  /** `from`: the first row of that instant or later; `until`: the last one before it. */
  readonly side: 'from' | 'until';
}

/**
 * Returns the position of a row on a side of an instant, from which no row on the other side can be missed. Null if
 * the upstream knows of no row there; undefined if it can't tell.
 */
export type SeekPosition = (query: Seek) => Promise<Position | null | undefined>;

/** A request for the rows of a window that follow a position; as many as there are for an infinite limit. */
export interface WindowRequest<Row, Filter> extends ListRequest<Filter> {
  readonly window: Window<Row>;
  /** The list is read up to this position, which may be among the rows; null for its own end. */
  readonly until: Position | null;
}

/** The list that a window is looked for in, and the rows that may be read. */
export interface WindowSources<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly readRange: ReadRange<Row, Filter>;
  readonly seek: SeekPosition;
  readonly budget: ScanBudget;
}

/** The rows that the fields of one operation may read in search of rows of windows. */
export interface ScanBudget {
  /** The rows that each field may read besides the rows that it returns. */
  readonly rows: number;
  /** The rows that all fields together may still read. The first request of each search is sent in any case. */
  shared: number;
}

/** The budget of all fields of an operation together, as a multiple of the budget of one field. */
const MAX_BUDGETS = 10;

/** Creates the budget of one operation. @param rows the rows that each field may read */
export function createScanBudget(rows: number): ScanBudget {
  return { rows, shared: rows * MAX_BUDGETS };
}

/** Where an instant lies when the list is read in order: not yet in the span, in it, or past it. */
export function sideOf(instant: string, { from, to }: TimeSpan, order: Order): 'ahead' | 'inside' | 'past' {
  const isEarly = from !== undefined && instant < from;
  const isLate = to !== undefined && instant >= to;
  if (!isEarly && !isLate) return 'inside';
  return isEarly === (order === 'asc') ? 'ahead' : 'past';
}
