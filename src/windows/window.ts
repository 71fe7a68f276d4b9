import type { ListDefinition, ListSource } from '../lists/list.ts';
import type { Position } from '../lists/position.ts';
import type { ScanBudget } from './scan-budget.ts';
import type { TimeSpan } from './time-span.ts';

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

/** A question for the row next to an instant. */
export interface Seek {
  /** In the format of keys. */
  readonly instant: string;
  /** `from`: the first row of that instant or later; `until`: the last one before it. */
  readonly side: 'from' | 'until';
}

export interface SoughtRow {
  readonly position: Position;
  /** Whether the row is there, and where the upstream says. Never rejects for a failure upstream. */
  readonly isThere: Promise<boolean>;
}

/** A list in which positions near an instant can be sought. */
export interface SeekableList<Row, Filter> extends Pick<ListSource<Row, Filter>, 'rowsFollowing'> {
  /**
   * Returns a row on a side of an instant: the one next to it, if the upstream says the truth. Null if
   * the upstream knows of none; undefined if it can't tell.
   */
  seek(query: Seek): Promise<SoughtRow | null | undefined>;
  /** Whether `seek` can be expected to tell; true until shown otherwise. */
  canSeek(): boolean;
}

/** What a window is searched with. */
export interface WindowSources<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly source: SeekableList<Row, Filter>;
  readonly budget: ScanBudget;
}
