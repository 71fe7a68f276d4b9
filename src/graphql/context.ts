import type { LiveRuns } from '../live/index.ts';
import { type AgentById, createAgentById } from '../loaders/agent-by-id.ts';
import { type AgentRuns, createAgentRuns } from '../loaders/agent-runs.ts';
import { createRunById, type RunById } from '../loaders/run-by-id.ts';
import { createRunParts, type RunPartLoaders } from '../loaders/run-parts.ts';
import { createStepById, type StepById } from '../loaders/step-by-id.ts';
import type { RunsSource } from '../runs/source.ts';

/** The context of resolvers: the loaders of one request, limited to what its caller may see. */
export interface Context {
  readonly agentById: AgentById;
  readonly agentRuns: AgentRuns;
  readonly runById: RunById;
  readonly runParts: RunPartLoaders;
  readonly stepById: StepById;
  readonly live: LiveRuns;
}

export function createContext(runs: RunsSource, live: LiveRuns): Context {
  return {
    agentById: createAgentById(runs),
    agentRuns: createAgentRuns(runs),
    runById: createRunById(runs),
    runParts: createRunParts(runs),
    stepById: createStepById(runs),
    live,
  };
}
