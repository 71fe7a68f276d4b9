import { createRunById, type RunById } from './loaders/run-by-id.ts';
import type { RunsSource } from './runs/source.ts';

/** What resolvers get: the caller's view of the runs, and what was loaded for this request. */
export interface Context {
  readonly runs: RunsSource;
  readonly runById: RunById;
}

export function createContext(runs: RunsSource): Context {
  return { runs, runById: createRunById(runs) };
}
