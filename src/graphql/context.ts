import type { LiveRuns } from '../live/index.ts';
import { type AgentById, createAgentById } from '../loaders/agent-by-id.ts';
import { type AgentRuns, createAgentRuns } from '../loaders/agent-runs.ts';
import { type CancelOutcome, cancelRuns } from '../loaders/cancel-runs.ts';
import { createRunById, type RunById } from '../loaders/run-by-id.ts';
import { createRunCounts, type RunCounts } from '../loaders/run-counts.ts';
import { createRunParts, type RunPartLoaders } from '../loaders/run-parts.ts';
import { createScanBudgets, type ScanBudgets } from '../loaders/scan-budget.ts';
import { createStepById, type StepById } from '../loaders/step-by-id.ts';
import type { UpstreamError } from '../runs/errors.ts';
import type { RunsSource } from '../runs/source.ts';

/** The context of resolvers: the loaders of one request, limited to what its caller may see. */
export interface Context extends Loaders {
  readonly live: LiveRuns;
  /** Whether lists show the durations of runs. */
  readonly listsDurations: () => Promise<boolean>;
  /** Cancels runs: see `cancelRuns`. Afterwards everything is loaded anew, since it may have changed. */
  readonly cancelRuns: (ids: readonly string[]) => Promise<ReadonlyMap<string, CancelOutcome>>;
}

interface Loaders {
  readonly agentById: AgentById;
  readonly agentRuns: AgentRuns;
  readonly runById: RunById;
  readonly runCounts: RunCounts;
  readonly runParts: RunPartLoaders;
  readonly scanBudgets: ScanBudgets;
  readonly stepById: StepById;
}

export interface ContextOptions {
  readonly live: LiveRuns;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** Receives failures of the upstream that are no errors of a field. @default ignored */
  readonly report?: ((failure: UpstreamError) => void) | undefined;
}

export function createContext(
  runs: RunsSource,
  { live, scanBudget, report = () => undefined }: ContextOptions,
): Context {
  const context: Context = {
    live,
    listsDurations: () => runs.listsDurations(),
    ...createLoaders(runs, scanBudget),
    async cancelRuns(ids) {
      const outcomes = await cancelRuns(ids, runs, report);
      // Mutations are executed one after the other: nobody waits for one of the old loaders.
      Object.assign(context, createLoaders(runs, scanBudget));
      return outcomes;
    },
  };
  return context;
}

function createLoaders(runs: RunsSource, scanBudget: number): Loaders {
  const agentRuns = createAgentRuns(runs);
  const runById = createRunById(runs);
  const scanBudgets = createScanBudgets(scanBudget);
  return {
    agentById: createAgentById(runs),
    agentRuns,
    runById,
    runCounts: createRunCounts(agentRuns, scanBudgets),
    runParts: createRunParts(runs, runById),
    scanBudgets,
    stepById: createStepById(runs),
  };
}
