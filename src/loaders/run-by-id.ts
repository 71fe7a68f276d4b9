import DataLoader from 'dataloader';
import pMap from 'p-map';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';

/** Look-ups at a time. */
const MAX_AT_ONCE = 16;

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

/** Nanoseconds that runs took, by their ids, as lists show them; null where that was not measured. */
export type DurationById = DataLoader<string, number | null>;

export function createDurationById(runs: RunsSource): DurationById {
  return new DataLoader((ids) => settle(ids, (id) => runs.retrieveDuration(id)));
}

/** A failure is told in the place of its id, and does not end the others. */
function settle<T>(ids: readonly string[], lookUp: (id: string) => Promise<T>): Promise<(T | Error)[]> {
  return pMap(ids, (id) => lookUp(id).catch(asError), { concurrency: MAX_AT_ONCE });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
