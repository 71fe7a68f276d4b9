import type { UpstreamError } from '../errors/upstream-error.ts';
import type { LiveRuns } from '../live/index.ts';
import type { Prices } from '../runs/prices.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import { createAgents } from './agents.ts';
import { createById } from './by-id.ts';
import { type CancelOutcome, cancelRuns } from './cancel-runs.ts';
import { createRunParts } from './run-parts.ts';
import { createRuns } from './runs.ts';

/** The allowance of a caller, and what this operation has spent of it. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string | null;
  readonly cost: number;
}

export interface ContextOptions {
  /** Returns the events that the caller can subscribe to. */
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

/** The context of resolvers: the loaders of one operation, limited to what its caller may see. */
export interface Context
  extends Pick<ContextOptions, 'live' | 'prices'>, Pick<RunsSource, 'listsDurations'>, Loaders {
  /** Reads the rate limit of the caller, once per operation; null if there is none. */
  readonly rateLimit: () => Promise<RateLimitState | null>;
  /** Cancels runs: see `cancelRuns`. Afterwards all loaders begin anew, since their results may have changed. */
  readonly cancelRuns: (ids: readonly string[]) => Promise<readonly CancelOutcome[]>;
}

export function createContext(source: RunsSource, options: ContextOptions): Context {
  const { live, scanBudget, prices, readRateLimit, report = () => undefined } = options;
  let rateLimit: Promise<RateLimitState | null> | undefined;
  const context: Context = {
    ...createLoaders(source, scanBudget),
    live,
    prices,
    listsDurations: () => source.listsDurations(),
    rateLimit: () => (rateLimit ??= readRateLimit?.() ?? Promise.resolve(null)),
    async cancelRuns(ids) {
      const outcomes = await cancelRuns(ids, source, report);
      // Mutations are executed one after the other: nothing waits for the old loaders.
      Object.assign(context, createLoaders(source, scanBudget));
      return outcomes;
    },
  };
  return context;
}

type Loaders = ReturnType<typeof createLoaders>;

function createLoaders(source: RunsSource, scanBudget: number) {
  const runById = createById((id) => source.retrieve('run', id));
  return {
    runById,
    stepById: createById((id) => source.retrieve('step', id)),
    agents: createAgents(source),
    runs: createRuns(source, runById, scanBudget),
    runParts: createRunParts(source, runById),
  };
}
