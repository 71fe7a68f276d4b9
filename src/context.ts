import { createRunById, type RunById } from './loaders/run-by-id.ts';
import type { Operation } from './observability/operation.ts';
import type { RunsSource } from './runs/source.ts';

/** What resolvers get: the caller's view of the runs, and what was loaded for this request. */
export interface Context {
  readonly runs: RunsSource;
  readonly runById: RunById;
  readonly operation: Operation;
}

export function createContext(runs: RunsSource, operation: Operation): Context {
  return { runs, runById: createRunById(runs), operation };
}
