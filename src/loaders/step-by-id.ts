import DataLoader from 'dataloader';
import type { RunStep } from '../runs/details.ts';
import type { RunsSource } from '../runs/source.ts';
import { lazily } from './lazily.ts';
import { settle } from './settle.ts';

/** Loads steps by id, each at most once per client request. */
export interface StepById {
  /** Returns null if the step does not exist. */
  load(id: string): Promise<RunStep | null>;
}

export function createStepById(source: RunsSource): StepById {
  const loader = lazily(
    () => new DataLoader<string, RunStep | null>((ids) => settle(ids, (id) => source.retrieveStep(id))),
  );
  return { load: (id) => loader().load(id) };
}
