import type { Rows } from '../lists/list.ts';
import type { RowsById } from '../lists/pages/load-page.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { ItemsWithId, RunsSource } from '../runs/runs-source.ts';

/** Looks up objects of one type by id, each at most once per operation. */
export type ById<Thing> = RowsById<Thing>;

/** Returns what looks up objects of one type. */
export type LookUps = <Name extends keyof ItemsWithId>(name: Name) => ById<ItemsWithId[Name]>;

export function createLookUps(source: RunsSource): LookUps {
  const all = new Map<string, unknown>();
  return <Name extends keyof ItemsWithId>(name: Name) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each name has look-ups of one type.
    getOrCompute(all, name, () => createById((id) => source.retrieve(name, id))) as ById<ItemsWithId[Name]>;
}

/** @param retrieve returns null if there is no object with this id */
function createById<Thing extends { readonly id: string }>(
  retrieve: (id: string) => Promise<Thing | null>,
): ById<Thing> {
  const found = new Map<string, Promise<Thing | null>>();
  // Reading the ids of copied rows parses them, so that waits for the first look-up.
  const remembered: Rows<Thing>[] = [];
  return {
    async load(id) {
      for (const things of remembered.splice(0)) {
        for (const thing of things) void getOrCompute(found, thing.id, () => Promise.resolve(thing));
      }
      return getOrCompute(found, id, retrieve);
    },
    remember: (things) => void remembered.push(things),
  };
}
