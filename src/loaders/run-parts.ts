import type { ItemList } from '../lists/items/item-list.ts';
import type { Run } from '../runs/run.ts';
import type { RunPartName, RunParts, RunsSource } from '../runs/source.ts';
import type { ById } from './by-id.ts';
import { lazily } from './lazily.ts';
import { MAX_STARTED } from './settle.ts';
import { createTurns } from './turns.ts';

/** How each part of a run is loaded. */
type LoadedParts = {
  readonly [Name in keyof RunParts]: Name extends RunPartName
    ? Promise<RunParts[Name] | null>
    : RunParts[Name];
};

/** Loads parts of runs, and of their steps, each at most once per client request. */
export interface RunPartLoaders {
  /** Lists are requested when they are read; of others there may be none. @throws UpstreamError */
  load<Name extends keyof RunParts>(name: Name, id: string): LoadedParts[Name];
  /** Requests at once what any use of a part begins with. A failure is reported where the part is loaded. */
  start(name: keyof RunParts, id: string): void;
}

/** @param runById tells which types of messages a run was started with, if that isn't known */
export function createRunParts(runs: RunsSource, runById: ById<Run>): RunPartLoaders {
  const parts = lazily(() => openRunParts(runs, runById));
  return {
    load: (name, id) => parts().load(name, id),
    start: (name, id) => parts().start(name, id),
  };
}

function openRunParts(runs: RunsSource, runById: ById<Run>): RunPartLoaders {
  const isFiltered = async (id: string): Promise<boolean> => {
    const run = await runById.load(id);
    // Nothing is known of a run that is gone.
    return run === null || (run.requestConfig?.includeReturnMessageTypes ?? []).length > 0;
  };
  const inTurn = createTurns(MAX_STARTED);
  /** Lists are opened when it is their turn to be read. */
  const readInTurn = <Item>(open: () => ItemList<Item>): ItemList<Item> => {
    let list: ItemList<Item> | undefined;
    return {
      read: (...how) => inTurn(() => (list ??= open()).read(...how)),
      readLast: (count) => inTurn(() => (list ??= open()).readLast(count)),
    };
  };
  const loaders: { readonly [Name in keyof LoadedParts]: (id: string) => LoadedParts[Name] } = {
    steps: oncePerId((id) => readInTurn(() => runs.listSteps(id))),
    messages: oncePerId((id) => readInTurn(() => runs.listMessages(id, () => isFiltered(id)))),
    metrics: oncePerId((id) => inTurn(() => runs.retrievePart('metrics', id))),
    timing: oncePerId((id) => inTurn(() => runs.retrievePart('timing', id))),
  };
  const begin = async (name: keyof RunParts, id: string): Promise<void> => {
    const part = await loaders[name](id);
    if (part !== null && 'read' in part) await part.read(({ length }) => length > 0);
  };
  return {
    load: (name, id) => loaders[name](id),
    start: (name, id) => void begin(name, id).catch(() => undefined),
  };
}

function oncePerId<Value>(load: (id: string) => Value): (id: string) => Value {
  const loaded = new Map<string, Value>();
  return (id) => {
    const known = loaded.get(id);
    if (known !== undefined) return known;
    const value = load(id);
    loaded.set(id, value);
    return value;
  };
}
