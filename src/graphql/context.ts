import { type AgentById, createAgentById } from '../loaders/agent-by-id.ts';
import { type AgentRuns, createAgentRuns } from '../loaders/agent-runs.ts';
import { createRunById, type RunById } from '../loaders/run-by-id.ts';
import { createRunCounts, type RunCounts } from '../loaders/run-counts.ts';
import { createRunParts, type RunPartLoaders } from '../loaders/run-parts.ts';
import { createScanBudgets, type ScanBudgets } from '../loaders/scan-budget.ts';
import { createStepById, type StepById } from '../loaders/step-by-id.ts';
import type { RunsSource } from '../runs/source.ts';

/** The context of resolvers: the loaders of one request, limited to what its caller may see. */
export interface Context {
  readonly agentById: AgentById;
  readonly agentRuns: AgentRuns;
  readonly runById: RunById;
  readonly runCounts: RunCounts;
  readonly runParts: RunPartLoaders;
  readonly scanBudgets: ScanBudgets;
  readonly stepById: StepById;
}

/** @param scanBudget the rows that a field may read in search of runs */
export function createContext(runs: RunsSource, scanBudget: number): Context {
  const agentRuns = createAgentRuns(runs);
  const scanBudgets = createScanBudgets(scanBudget);
  return {
    agentById: createAgentById(runs),
    agentRuns,
    runById: createRunById(runs),
    runCounts: createRunCounts(agentRuns, scanBudgets),
    runParts: createRunParts(runs),
    scanBudgets,
    stepById: createStepById(runs),
  };
}
