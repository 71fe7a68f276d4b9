import type { UpstreamError } from '../errors/upstream-error.ts';
import type { LiveRuns } from '../live/index.ts';
import type { RunsSource } from '../runs/source.ts';
import { createScanBudgets, type ScanBudgets } from '../windows/scan-budget.ts';
import { type AgentById, createAgentById } from './agent-by-id.ts';
import { type AgentRuns, createAgentRuns } from './agent-runs.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import { createRunById, type RunById } from './run-by-id.ts';
import { createRunCounts, type RunCounts } from './run-counts.ts';
import { createRunParts, type RunPartLoaders } from './run-parts.ts';
import { createStepById, type StepById } from './step-by-id.ts';

/** The context of resolvers: the loaders of one request, limited to what its caller may see. */
export interface Context {
  readonly live: LiveRuns;
  readonly agentById: AgentById;
  readonly agentRuns: AgentRuns;
  readonly runById: RunById;
  readonly runCounts: RunCounts;
  readonly runParts: RunPartLoaders;
  readonly scanBudgets: ScanBudgets;
  readonly stepById: StepById;
  /** Whether lists show the durations of runs. */
  listsDurations(): Promise<boolean>;
  /** Cancels runs: see `cancelRuns`. Afterwards everything is loaded anew, since it may have changed. */
  cancelRuns(ids: readonly string[]): Promise<ReadonlyMap<string, CancelOutcome>>;
}

type Loaders = Pick<
  Context,
  'agentById' | 'agentRuns' | 'runById' | 'runCounts' | 'runParts' | 'scanBudgets' | 'stepById'
>;

export interface ContextOptions {
  /** Opens what is watched for the caller. */
  readonly live: () => LiveRuns;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** Receives failures of the upstream that are no errors of a field. @default ignored */
  readonly report?: ((failure: UpstreamError) => void) | undefined;
}

export function createContext(runs: RunsSource, options: ContextOptions): Context {
  return new RequestContext(runs, options);
}

/** Creates each loader when it is first needed: an operation needs two or three. */
class RequestContext implements Context {
  readonly #runs: RunsSource;
  readonly #options: ContextOptions;
  #loaders: { -readonly [Name in keyof Loaders]?: Loaders[Name] } = {};

  constructor(runs: RunsSource, options: ContextOptions) {
    this.#runs = runs;
    this.#options = options;
  }

  get live(): LiveRuns {
    return this.#options.live();
  }

  get agentById(): AgentById {
    return (this.#loaders.agentById ??= createAgentById(this.#runs));
  }

  get agentRuns(): AgentRuns {
    return (this.#loaders.agentRuns ??= createAgentRuns(this.#runs));
  }

  get runById(): RunById {
    return (this.#loaders.runById ??= createRunById(this.#runs));
  }

  get runCounts(): RunCounts {
    return (this.#loaders.runCounts ??= createRunCounts(this.agentRuns, this.scanBudgets));
  }

  get runParts(): RunPartLoaders {
    return (this.#loaders.runParts ??= createRunParts(this.#runs, this.runById));
  }

  get scanBudgets(): ScanBudgets {
    return (this.#loaders.scanBudgets ??= createScanBudgets(this.#options.scanBudget));
  }

  get stepById(): StepById {
    return (this.#loaders.stepById ??= createStepById(this.#runs));
  }

  listsDurations(): Promise<boolean> {
    return this.#runs.listsDurations();
  }

  async cancelRuns(ids: readonly string[]): Promise<ReadonlyMap<string, CancelOutcome>> {
    const outcomes = await cancelRuns(ids, this.#runs, this.#options.report ?? (() => undefined));
    // Mutations are executed one after the other: nobody waits for one of the old loaders.
    this.#loaders = {};
    return outcomes;
  }
}
