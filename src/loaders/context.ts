import type { UpstreamError } from '../errors/upstream-error.ts';
import type { LiveRuns } from '../live/index.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import type { Prices } from '../runs/prices.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { type Agents, createAgents } from './agents.ts';
import { type ById, createById } from './by-id.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import { createRunParts, type RunPartLoaders } from './run-parts.ts';
import { createRuns, type Runs } from './runs.ts';

/** What a caller may still spend, and what this operation has spent of it. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string | null;
  readonly cost: number;
}

export interface ContextOptions {
  /** Opens what is watched for the caller. */
  readonly live: () => LiveRuns;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** @default models have no prices */
  readonly prices?: Prices | undefined;
  /** @default no limit */
  readonly readRateLimit?: (() => Promise<RateLimitState>) | undefined;
  /** Receives failures of the upstream that are no errors of a field. @default ignored */
  readonly report?: ((failure: UpstreamError) => void) | undefined;
}

type LoaderName = 'agents' | 'runs' | 'runById' | 'runParts' | 'stepById';
type Loaders = { -readonly [Name in LoaderName]?: Context[Name] };

/**
 * The context of resolvers: the loaders of one request, limited to what its caller may see. Each is created when it is
 * first needed: an operation needs two or three.
 */
export class Context {
  readonly #source: RunsSource;
  readonly #options: ContextOptions;
  #rateLimit: Promise<RateLimitState> | undefined;
  #loaders: Loaders = {};

  constructor(source: RunsSource, options: ContextOptions) {
    this.#source = source;
    this.#options = options;
  }

  get live(): LiveRuns {
    return this.#options.live();
  }

  get prices(): Prices | undefined {
    return this.#options.prices;
  }

  get agents(): Agents {
    return (this.#loaders.agents ??= createAgents(this.#source));
  }

  get runs(): Runs {
    return (this.#loaders.runs ??= createRuns(this.#source, this.runById, this.#options.scanBudget));
  }

  get runById(): ById<Run> {
    return (this.#loaders.runById ??= createById((id) => this.#source.retrieve('run', id)));
  }

  get runParts(): RunPartLoaders {
    return (this.#loaders.runParts ??= createRunParts(this.#source, this.runById));
  }

  get stepById(): ById<RunStep> {
    return (this.#loaders.stepById ??= createById((id) => this.#source.retrieve('step', id)));
  }

  /** Reads the rate limit of the caller, once per operation; null if there is none. */
  async rateLimit(): Promise<RateLimitState | null> {
    const { readRateLimit } = this.#options;
    return readRateLimit === undefined ? null : (this.#rateLimit ??= readRateLimit());
  }

  /** Whether lists show the durations of runs. */
  listsDurations(): Promise<boolean> {
    return this.#source.listsDurations();
  }

  /** Cancels runs: see `cancelRuns`. Afterwards everything is loaded anew, since it may have changed. */
  async cancelRuns(ids: readonly string[]): Promise<ReadonlyMap<string, CancelOutcome>> {
    const outcomes = await cancelRuns(ids, this.#source, this.#options.report ?? (() => undefined));
    // Mutations are executed one after the other: nothing waits for the old loaders.
    this.#loaders = {};
    return outcomes;
  }
}
