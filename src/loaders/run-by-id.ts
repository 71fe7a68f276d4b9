import DataLoader from 'dataloader';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { settle } from './settle.ts';

/** Runs by id, each asked for once per request of a client. */
export interface RunById {
  /** Null for a run that isn't there. */
  load(id: string): Promise<Run | null>;
  /** Runs that are known by now, and need no look-up. Costs nothing until one is looked up. */
  remember(runs: readonly Run[]): void;
}

export function createRunById(source: RunsSource): RunById {
  const loader = new DataLoader<string, Run | null>((ids) => settle(ids, (id) => source.retrieve(id)));
  const remembered: (readonly Run[])[] = [];
  return {
    load(id) {
      for (const runs of remembered.splice(0)) for (const run of runs) loader.prime(run.id, run);
      return loader.load(id);
    },
    remember(runs) {
      remembered.push(runs);
    },
  };
}
