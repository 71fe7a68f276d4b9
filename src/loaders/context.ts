import type { UpstreamError } from '../errors/upstream-error.ts';
import type { LiveRuns } from '../live/index.ts';
import type { RunStep } from '../runs/details.ts';
import type { Prices } from '../runs/prices.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { createScanBudgets, type ScanBudgets } from '../windows/scan-budget.ts';
import { type AgentRuns, createAgentRuns } from './agent-runs.ts';
import { type Agents, createAgents } from './agents.ts';
import { type ById, createById } from './by-id.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import { createRunCounts, type RunCounts } from './run-counts.ts';
import { createRunParts, type RunPartLoaders } from './run-parts.ts';

/** What a caller may still spend, and what this operation has spent of it. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string | null;
  readonly cost: number;
}

/** The context of resolvers: the loaders of one request, limited to what its caller may see. */
export interface Context {
  readonly live: LiveRuns;
  /** Undefined if models have no prices. */
  readonly prices: Prices | undefined;
  readonly agents: Agents;
  readonly agentRuns: AgentRuns;
  readonly runById: ById<Run>;
  readonly runCounts: RunCounts;
  readonly runParts: RunPartLoaders;
  readonly scanBudgets: ScanBudgets;
  readonly stepById: ById<RunStep>;
  /** Whether lists show the durations of runs. */
  listsDurations(): Promise<boolean>;
  /** Reads the rate limit of the caller, once per operation; null if there is none. */
  rateLimit(): Promise<RateLimitState | null>;
  /** Cancels runs: see `cancelRuns`. Afterwards everything is loaded anew, since it may have changed. */
  cancelRuns(ids: readonly string[]): Promise<ReadonlyMap<string, CancelOutcome>>;
}

type Loaders = Pick<
  Context,
  'agents' | 'agentRuns' | 'runById' | 'runCounts' | 'runParts' | 'scanBudgets' | 'stepById'
>;

export interface ContextOptions {
  /** Opens what is watched for the caller. */
  readonly live: () => LiveRuns;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  readonly prices?: Prices | undefined;
  /** @default no limit */
  readonly readRateLimit?: (() => Promise<RateLimitState>) | undefined;
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
  #rateLimit: Promise<RateLimitState> | undefined;
  #loaders: { -readonly [Name in keyof Loaders]?: Loaders[Name] } = {};

  constructor(runs: RunsSource, options: ContextOptions) {
    this.#runs = runs;
    this.#options = options;
  }

  get live(): LiveRuns {
    return this.#options.live();
  }

  get prices(): Prices | undefined {
    return this.#options.prices;
  }

  get agents(): Agents {
    return (this.#loaders.agents ??= createAgents(this.#runs));
  }

  get agentRuns(): AgentRuns {
    return (this.#loaders.agentRuns ??= createAgentRuns(this.#runs));
  }

  get runById(): ById<Run> {
    return (this.#loaders.runById ??= createById((id) => this.#runs.retrieve('run', id)));
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

  get stepById(): ById<RunStep> {
    return (this.#loaders.stepById ??= createById((id) => this.#runs.retrieve('step', id)));
  }

  async rateLimit(): Promise<RateLimitState | null> {
    const { readRateLimit } = this.#options;
    return readRateLimit === undefined ? null : (this.#rateLimit ??= readRateLimit());
  }

  listsDurations(): Promise<boolean> {
    return this.#runs.listsDurations();
  }

  async cancelRuns(ids: readonly string[]): Promise<ReadonlyMap<string, CancelOutcome>> {
    const outcomes = await cancelRuns(ids, this.#runs, this.#options.report ?? (() => undefined));
    // Mutations are executed one after the other: nothing waits for the old loaders.
    this.#loaders = {};
    return outcomes;
  }
}
