import DataLoader from 'dataloader';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { concurrently } from './concurrently.ts';

/** Look-ups at a time. */
const MAX_AT_ONCE = 16;

/** Runs by id, each asked for once per request of a client; null for a run that isn't there. */
export type RunById = DataLoader<string, Run | null>;

export function createRunById(runs: RunsSource): RunById {
  return new DataLoader((ids) => concurrently(ids, MAX_AT_ONCE, (id) => runs.retrieve(id)));
}

/** Nanoseconds that runs took, by their ids, as lists show them; null where that was not measured. */
export type DurationById = DataLoader<string, number | null>;

export function createDurationById(runs: RunsSource): DurationById {
  return new DataLoader((ids) => concurrently(ids, MAX_AT_ONCE, (id) => runs.retrieveDuration(id)));
}
