import type { RunOrder } from './position.ts';
import type { Run } from './run.ts';
import type { RunFilter } from './run-filters.ts';

/** Asks for a range of a list: the rows that follow a position, nearest first. */
export interface RunRangeQuery {
  readonly filter: RunFilter;
  readonly order: RunOrder;
  /** The rows start right behind this position; null starts at the top of the list. */
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  /** Rows, 1 to 1000. */
  readonly limit: number;
  /** Rather rejects with {@link RepeatedKeysError} than be answered from one request for each value. */
  readonly isOneRequest?: true;
}

/** What the runs API tells of one run by a request for each of them, by name; null where it has none. */
export interface RunParts {
  /** The nanoseconds that the run took, by its metrics. */
  readonly duration: number | null;
}

/** The runs that one caller can see, wherever they are kept. Rejects with an {@link UpstreamError}. */
export interface RunsSource {
  /**
   * The rows of a range, all of them proven: strictly behind `after`, in strict order, matching the
   * filter, at most `limit`. Rejects with {@link VanishedPositionError} where the position is lost.
   */
  rowsFollowing(query: RunRangeQuery): Promise<readonly Run[]>;
  /** One run, or null when there is none of this id that the caller can see. */
  retrieve(id: string): Promise<Run | null>;
  /** A part of a run; null where the API has none, or no such run. */
  retrievePart<Name extends keyof RunParts>(name: Name, id: string): Promise<RunParts[Name] | null>;
  /** Whether a filter by several agents is one request, as far as that is known. */
  takesManyAgents(): boolean;
}
