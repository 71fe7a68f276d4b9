import type { UpstreamError } from '../errors/upstream-error.ts';
import type { Rows } from '../lists/rows.ts';
import type { AgentDetails } from './agent.ts';
import type { RunMetrics, RunStep } from './details.ts';
import type { RunMessage } from './messages.ts';
import type { RunOrder } from './position.ts';
import type { RunFilter } from './run-filters.ts';
import type { Run } from './run.ts';

/** A query for a range of a list: the rows that follow a position, nearest first. */
export interface RunRangeQuery {
  readonly filter: RunFilter;
  readonly order: RunOrder;
  /** The rows start right after this position; null starts at the top of the list. */
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  /** The maximum number of rows, 1 to `MAX_LIST_ROWS`. */
  readonly limit: number;
  /** If set, rejects with {@link RepeatedKeysError} rather than send one request per value of a filter. */
  readonly isOneRequest?: true;
}

/** A question for the run next to an instant, in the order of creation. */
export interface RunSeek {
  /** In the format of `instantOf`. */
  readonly instant: string;
  /** `from`: the first run that was created then or later; `until`: the last one created before. */
  readonly side: 'from' | 'until';
}

export interface SoughtRun {
  readonly position: NonNullable<RunRangeQuery['after']>;
  /** Whether the run is there, and was created where the upstream says. Never rejects for a failure upstream. */
  readonly isThere: Promise<boolean>;
}

/** The items of a list that were read so far, from its start. */
export interface ReadItems<Item> {
  readonly items: readonly Item[];
  /** Whether there are no more. */
  readonly isWhole: boolean;
}

/** A list of what belongs to a run, oldest first, which is read as far as it is needed. */
export interface RunItems<Item> {
  /**
   * Reads on until the items are enough, or all are read; all of them without a condition. What was read is
   * what the API's own list begins with, as one request for all of it would show.
   *
   * @param isFar whether much of it may be needed before there are enough: it is then read with fewer requests
   */
  read(isEnough?: (items: readonly Item[]) => boolean, isFar?: boolean): Promise<ReadItems<Item>>;
  /**
   * Returns as many items from the end as one request tells, at most `count`; undefined if it tells nothing
   * for certain. Only for a list that isn't read as a whole.
   */
  readLast(count: number): Promise<readonly Item[] | undefined>;
}

/** The parts of a run that need requests of their own. */
export interface RunParts {
  readonly steps: RunItems<RunStep>;
  readonly messages: RunItems<RunMessage>;
  readonly metrics: RunMetrics;
}

/** What became of a request to cancel runs. None of it tells whether they are cancelled: read them again. */
interface CancelRequest {
  /** Whether the upstream may have received it. If not, certainly none of them was cancelled by it. */
  readonly wasSent: boolean;
  /** Why it was not answered as it should be. */
  readonly error: UpstreamError | undefined;
}

/** The runs, and their agents, that one caller can see. All methods reject with {@link UpstreamError} on failure. */
export interface RunsSource {
  /**
   * Returns the rows of a range, checked: strictly after `after`, in strict order, matching the
   * filter, at most `limit`. Rejects with {@link VanishedPositionError} if the position is gone.
   */
  rowsFollowing(query: RunRangeQuery): Promise<Rows<Run>>;
  /**
   * Sends what a range query asks for first, before more is known of its start than the id. Returns what
   * answers it, as `rowsFollowing` does, when the position is known.
   */
  readAhead(query: RunRangeQuery): RunsSource['rowsFollowing'];
  /**
   * Returns a run on a side of an instant: the one next to it, if the upstream says the truth. Null if
   * the upstream knows of none; undefined if it can't tell.
   */
  seek(query: RunSeek): Promise<SoughtRun | null | undefined>;
  /** Whether `seek` can be expected to tell; true until shown otherwise. */
  canSeek(): boolean;
  /** Returns one run, or null if there is none with this id that the caller can see. */
  retrieve(id: string): Promise<Run | null>;
  /** Returns one step, or null if there is none with this id that the caller can see. */
  retrieveStep(id: string): Promise<RunStep | null>;
  /** Returns the steps of a run; nothing is requested before they are read. */
  listSteps(runId: string): RunItems<RunStep>;
  /**
   * Returns the messages of a run; nothing is requested before they are read.
   *
   * @param isFiltered whether the run was started with a choice of types, so that others are left out
   */
  listMessages(runId: string, isFiltered: () => Promise<boolean>): RunItems<RunMessage>;
  /** Returns the metrics of a run; null if the API has none or no such run. */
  retrievePart(name: 'metrics', id: string): Promise<RunMetrics | null>;
  /** Looks up one agent; null if there is none with this id that the caller can see. */
  retrieveAgent(id: string): Promise<AgentDetails | null>;
  /**
   * Asks the upstream to cancel runs of one agent, at most once, and at least one run. Rejects only if
   * the caller has disconnected before the request was sent.
   */
  cancel(agentId: string, runIds: readonly string[]): Promise<CancelRequest>;
  /** Whether lists show the durations of runs; true unless the upstream is known to be too old. */
  listsDurations(): Promise<boolean>;
  /** Whether a filter by several agents can be one request; true until shown otherwise. */
  takesManyAgents(): boolean;
}
