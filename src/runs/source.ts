import type { RunFilter, RunOrder } from './query.ts';
import type { Run } from './run.ts';

/** A stretch of a list: the rows that follow a position, nearest first. */
export interface RunScan {
  readonly filter: RunFilter;
  readonly order: RunOrder;
  /** The rows start right behind this place; null starts at the top of the list. */
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  /** Rows, 1 to 1000. */
  readonly limit: number;
  /** Rather rejects with {@link RepeatedKeysError} than be answered from one request for each value. */
  readonly isOneRequest?: true;
}

/** The runs that one caller can see, wherever they are kept. Rejects with an {@link UpstreamError}. */
export interface RunsSource {
  /**
   * The rows of a scan, all of them proven: strictly behind `after`, in strict order, matching the
   * filter, at most `limit`. Rejects with {@link VanishedPositionError} where the place is lost.
   */
  rowsFollowing(scan: RunScan): Promise<readonly Run[]>;
  /** One run, or null when there is none of this id that the caller can see. */
  retrieve(id: string): Promise<Run | null>;
  /** The nanoseconds that a run's metrics say it took; null where it has none. */
  retrieveDuration(id: string): Promise<number | null>;
  /** Whether a filter by several agents is one request, as far as that is known. */
  takesManyAgents(): boolean;
}
