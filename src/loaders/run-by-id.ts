import DataLoader from 'dataloader';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';

/** Runs by id, each asked for once per request of a client; null for a run that isn't there. */
export type RunById = DataLoader<string, Run | null>;

export function createRunById(runs: RunsSource): RunById {
  return new DataLoader(async (ids) => {
    const outcomes = await Promise.allSettled(ids.map((id) => runs.retrieve(id)));
    return outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : asError(outcome.reason),
    );
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
