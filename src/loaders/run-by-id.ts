import DataLoader from 'dataloader';
import type { Rows } from '../lists/rows.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { lazily } from './lazily.ts';
import { settle } from './settle.ts';

/** Loads runs by id, each at most once per client request. */
export interface RunById {
  /** Returns null if the run does not exist. */
  load(id: string): Promise<Run | null>;
  /** Remembers runs that are already loaded. Costs nothing until the next `load`. */
  remember(runs: Rows<Run>): void;
}

export function createRunById(source: RunsSource): RunById {
  const loader = lazily(
    () => new DataLoader<string, Run | null>((ids) => settle(ids, (id) => source.retrieve(id))),
  );
  let remembered: readonly Rows<Run>[] = [];
  return {
    load(id) {
      for (const runs of remembered) for (const run of runs) loader().prime(run.id, run);
      remembered = [];
      return loader().load(id);
    },
    remember(runs) {
      remembered = [...remembered, runs];
    },
  };
}
