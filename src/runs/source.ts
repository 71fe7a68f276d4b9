import type { UpstreamError } from '../errors/upstream-error.ts';
import type { ItemList } from '../lists/items/item-list.ts';
import type { ListSource, RangeQuery } from '../lists/list.ts';
import type { SeekableList } from '../windows/window.ts';
import type { AgentFilter } from './agent-list.ts';
import type { Agent } from './agent.ts';
import type { RunMetrics, RunStep, RunStepTiming } from './details.ts';
import type { RunMessage } from './messages.ts';
import type { RunFilter } from './run-filters.ts';
import type { Run } from './run.ts';

/** A query for a range of the list of runs. */
export type RunRangeQuery = RangeQuery<RunFilter>;

/** The parts of a run that need requests of their own: by its id, and the timing of a step by the step's. */
export interface RunParts {
  readonly steps: ItemList<RunStep>;
  readonly messages: ItemList<RunMessage>;
  readonly metrics: RunMetrics;
  readonly timing: RunStepTiming;
}

/** The names of those that are no lists. */
export type RunPartName = Exclude<keyof RunParts, 'steps' | 'messages'>;

/** What became of a request to cancel runs. None of it tells whether they are cancelled: read them again. */
interface CancelRequest {
  /** Whether the upstream may have received it. If not, certainly none of them was cancelled by it. */
  readonly wasSent: boolean;
  /** Why it was not answered as it should be. */
  readonly error: UpstreamError | undefined;
}

/** The runs, and their agents, that one caller can see. All methods reject with {@link UpstreamError} on failure. */
export interface RunsSource extends ListSource<Run, RunFilter>, SeekableList<Run, RunFilter> {
  /** Returns one run, or null if there is none with this id that the caller can see. */
  retrieve(id: string): Promise<Run | null>;
  /** Returns one step, or null if there is none with this id that the caller can see. */
  retrieveStep(id: string): Promise<RunStep | null>;
  /** Returns the steps of a run; nothing is requested before they are read. */
  listSteps(runId: string): ItemList<RunStep>;
  /**
   * Returns the messages of a run; nothing is requested before they are read.
   *
   * @param isFiltered whether the run was started with a choice of types, so that others are left out
   */
  listMessages(runId: string, isFiltered: () => Promise<boolean>): ItemList<RunMessage>;
  /** Returns a part of a run that is no list; null if the API has none, or nothing with this id. */
  retrievePart<Name extends RunPartName>(name: Name, id: string): Promise<RunParts[Name] | null>;
  /** All agents, but for hidden ones. */
  readonly agents: ListSource<Agent, AgentFilter>;
  /** Looks up one agent; null if there is none with this id that the caller can see. */
  retrieveAgent(id: string): Promise<Agent | null>;
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
