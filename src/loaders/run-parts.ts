import type { ItemList } from '../lists/items/item-list.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { RunMessage } from '../runs/messages.ts';
import type { Run } from '../runs/run.ts';
import type { RunParts, RunsSource } from '../runs/runs-source.ts';
import type { ById } from './by-id.ts';

/** The parts of a run, or of a step: lists, and measurements, if there are any. */
type LoadedParts = {
  readonly [Name in keyof RunParts]: Promise<RunParts[Name] | null>;
} & { readonly steps: ItemList<RunStep>; readonly messages: ItemList<RunMessage> };

/** Loads parts of runs, and of their steps, each at most once per operation. */
export interface RunPartLoaders {
  /** Returns a list, which is requested as it is read, or measurements, if there are any. @throws UpstreamError */
  load<Name extends keyof LoadedParts>(name: Name, id: string): LoadedParts[Name];
  /** Sends the first request of a part at once. A failure is reported where the part is loaded. */
  start(name: keyof LoadedParts, id: string): void;
}

/** @param runById looks a run up, for the types of messages that it returns */
export function createRunParts(runs: RunsSource, runById: ById<Run>): RunPartLoaders {
  const isFiltered = async (id: string): Promise<boolean> => {
    const run = await runById.load(id);
    // The types of a deleted run are unknown.
    return run === null || (run.requestConfig?.includeReturnMessageTypes ?? []).length > 0;
  };
  const loaded = new Map<string, unknown>();
  const open = (name: keyof LoadedParts, id: string): unknown => {
    if (name === 'steps') return runs.listSteps(id);
    if (name === 'messages') return runs.listMessages(id, () => isFiltered(id));
    return runs.retrieve(name, id);
  };
  const load = <Name extends keyof LoadedParts>(name: Name, id: string): LoadedParts[Name] =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Names are part of the keys.
    getOrCompute(loaded, `${name} ${id}`, () => open(name, id)) as LoadedParts[Name];
  const begin = async (name: keyof LoadedParts, id: string): Promise<void> => {
    const part = await load(name, id);
    if (part !== null && 'read' in part) await part.read(({ length }) => length > 0);
  };
  return { load, start: (name, id) => void begin(name, id).catch(() => undefined) };
}
