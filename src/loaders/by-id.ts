import type { Rows } from '../lists/list.ts';
import type { RowsById } from '../lists/pages/load-page.ts';
import { getOrCompute } from '../runs/memoize.ts';

/** Looks up things of one kind by id, each at most once per client request. */
export type ById<Thing> = RowsById<Thing>;

/** @param retrieve returns null if there is no thing with this id */
export function createById<Thing extends { readonly id: string }>(
  retrieve: (id: string) => Promise<Thing | null>,
): ById<Thing> {
  const found = new Map<string, Promise<Thing | null>>();
  // Rows of the scanner are text: reading their ids parses them, so that waits for the first look-up.
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
