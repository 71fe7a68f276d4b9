import DataLoader from 'dataloader';
import type { RunParts, RunsSource } from '../runs/source.ts';
import type { RunById } from './run-by-id.ts';
import { settle } from './settle.ts';

/** Loads parts of runs, each at most once per client request. */
export interface RunPartLoaders {
  /** Returns null if there is none. @throws UpstreamError */
  load<Name extends keyof RunParts>(name: Name, id: string): Promise<RunParts[Name] | null>;
  /** Requests at once what any use of a part begins with. A failure is for whoever loads it. */
  start(name: keyof RunParts, id: string): void;
}

type PartLoader<Name extends keyof RunParts> = DataLoader<string, RunParts[Name] | null>;

/** @param runById tells which types of messages a run was started with, if that isn't known */
export function createRunParts(runs: RunsSource, runById: RunById): RunPartLoaders {
  const isFiltered = async (id: string): Promise<boolean> => {
    const run = await runById.load(id);
    // Nothing is known of a run that is gone.
    return run === null || (run.requestConfig?.includeReturnMessageTypes ?? []).length > 0;
  };
  const loaders: { readonly [Name in keyof RunParts]: PartLoader<Name> } = {
    steps: createLoader(async (id) => runs.listSteps(id)),
    messages: createLoader(async (id) => runs.listMessages(id, () => isFiltered(id))),
    metrics: createLoader((id) => runs.retrievePart('metrics', id)),
  };
  const begin = async (name: keyof RunParts, id: string): Promise<void> => {
    const part = await loaders[name].load(id);
    if (part !== null && 'read' in part) await part.read(({ length }) => length > 0);
  };
  return {
    load: (name, id) => loaders[name].load(id),
    start: (name, id) => void begin(name, id).catch(() => undefined),
  };
}

function createLoader<Value>(load: (id: string) => Promise<Value>): DataLoader<string, Value> {
  return new DataLoader((ids) => settle(ids, load));
}
