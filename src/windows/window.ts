import type { ListDefinition, ListRequest } from '../lists/list.ts';
import type { Order, Position } from '../lists/position.ts';
import type { ReadRange } from '../lists/ranges/read-range.ts';
import type { ScanBudget } from './scan-budget.ts';

/** The instants between which rows of a list are wanted, where there is a bound, in the format of keys. */
export interface TimeSpan {
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Which rows of a list are wanted that its API has no filters for. Its keys are instants. */
export interface Window<Row> {
  readonly span: TimeSpan;
  /** Whether no row can lie in it. */
  readonly isEmpty: boolean;
  /** Whether rows of the span may lie outside of the window, by something that the list is not sorted by. */
  readonly isSparse: boolean;
  readonly matches: (row: Row) => boolean;
  /** Checks that rows tell whether they match. @throws UnsupportedError */
  readonly check?: (rows: readonly Row[]) => Promise<void>;
}

/** A request for the rows of a window that follow a position, nearest first. */
export interface WindowRequest<Row, Filter> extends Omit<ListRequest<Filter>, 'limit'> {
  readonly window: Window<Row>;
  /** The list ends ahead of this position; null for its own end. */
  readonly until: Position | null;
}

/** A question for the row next to an instant. */
export interface Seek {
  /** In the format of keys. */
  readonly instant: string;
  /** `from`: the first row of that instant or later; `until`: the last one before it. */
  readonly side: 'from' | 'until';
}

export interface SoughtRow {
  readonly position: Position;
  /** Looks up, once, whether the row is there, and where the upstream says. Never rejects for a failure upstream. */
  readonly isThere: () => Promise<boolean>;
}

/** Where a window is looked for. */
export interface WindowList<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly readRange: ReadRange<Row, Filter>;
  /**
   * Returns a row on a side of an instant: the one next to it, if the upstream says the truth. Null if
   * the upstream knows of none; undefined if it can't tell.
   */
  readonly seek: (query: Seek) => Promise<SoughtRow | null | undefined>;
}

/** A window's list, and the rows that may be read of it. */
export interface WindowSources<Row, Filter> extends WindowList<Row, Filter> {
  readonly budget: ScanBudget;
}

/** Where an instant lies when the list is read in order: not yet in the span, in it, or past it. */
export function sideOf(instant: string, { from, to }: TimeSpan, order: Order): 'ahead' | 'inside' | 'past' {
  const isEarly = from !== undefined && instant < from;
  const isLate = to !== undefined && instant >= to;
  if (!isEarly && !isLate) return 'inside';
  return isEarly === (order === 'asc') ? 'ahead' : 'past';
}
