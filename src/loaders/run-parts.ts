import DataLoader from 'dataloader';
import type { RunParts, RunsSource } from '../runs/source.ts';
import { settle } from './settle.ts';

/** Loads parts of runs, each at most once per client request. */
export interface RunPartLoaders {
  /** Returns null if there is none. @throws UpstreamError */
  load<Name extends keyof RunParts>(name: Name, id: string): Promise<RunParts[Name] | null>;
}

type PartLoader<Name extends keyof RunParts> = DataLoader<string, RunParts[Name] | null>;

export function createRunParts(runs: RunsSource): RunPartLoaders {
  const loaders = new Map<keyof RunParts, unknown>();
  const loaderOf = <Name extends keyof RunParts>(name: Name): PartLoader<Name> => {
    const loader = loaders.get(name) ?? createLoader(name, runs);
    loaders.set(name, loader);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each name has its own loader.
    return loader as PartLoader<Name>;
  };
  return { load: (name, id) => loaderOf(name).load(id) };
}

function createLoader<Name extends keyof RunParts>(name: Name, runs: RunsSource): PartLoader<Name> {
  return new DataLoader((ids) => settle(ids, (id) => runs.retrievePart(name, id)));
}
