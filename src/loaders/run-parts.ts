import DataLoader from 'dataloader';
import type { RunParts, RunsSource } from '../runs/source.ts';
import { settle } from './settle.ts';

/** Loads parts of runs, each at most once per client request. */
export interface RunPartLoaders {
  /** Returns null if there is none. @throws UpstreamError */
  load<Name extends keyof RunParts>(name: Name, id: string): Promise<RunParts[Name] | null>;
}

type Loaders = { [Name in keyof RunParts]?: DataLoader<string, RunParts[Name] | null> };

export function createRunParts(runs: RunsSource): RunPartLoaders {
  const loaders: Loaders = {};
  return {
    load(name, id) {
      const loader = loaders[name] ?? createLoader(name, runs);
      loaders[name] = loader;
      return loader.load(id);
    },
  };
}

function createLoader<Name extends keyof RunParts>(
  name: Name,
  runs: RunsSource,
): DataLoader<string, RunParts[Name] | null> {
  return new DataLoader((ids) => settle(ids, (id) => runs.retrievePart(name, id)));
}
