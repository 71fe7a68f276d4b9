import { type AgentScans, createAgentScans } from '../loaders/agent-runs.ts';
import { createDurationById, createRunById, type DurationById, type RunById } from '../loaders/run-by-id.ts';
import type { RunsSource } from '../runs/source.ts';

/** What resolvers get: the caller's view of the runs, and what was loaded for this request. */
export interface Context {
  readonly scans: AgentScans;
  readonly runById: RunById;
  readonly durationById: DurationById;
}

export function createContext(runs: RunsSource): Context {
  return {
    scans: createAgentScans(runs),
    runById: createRunById(runs),
    durationById: createDurationById(runs),
  };
}
