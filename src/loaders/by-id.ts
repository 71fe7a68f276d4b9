import DataLoader from 'dataloader';
import type { Rows } from '../lists/rows.ts';
import { settle } from './settle.ts';

/** Looks up things of one kind by id, each at most once per client request. */
export interface ById<Thing> {
  /** Returns null if there is none with this id. @throws UpstreamError */
  load(id: string): Promise<Thing | null>;
  /** Remembers what is already loaded. Costs nothing until the next `load`. */
  remember(things: Rows<Thing>): void;
}

export function createById<Thing extends { readonly id: string }>(
  retrieve: (id: string) => Promise<Thing | null>,
): ById<Thing> {
  let loader: DataLoader<string, Thing | null> | undefined;
  let remembered: readonly Rows<Thing>[] = [];
  return {
    load(id) {
      loader ??= new DataLoader<string, Thing | null>((ids) => settle(ids, retrieve));
      for (const things of remembered) for (const thing of things) loader.prime(thing.id, thing);
      remembered = [];
      return loader.load(id);
    },
    remember(things) {
      remembered = [...remembered, things];
    },
  };
}
