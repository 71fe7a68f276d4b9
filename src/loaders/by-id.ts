import DataLoader from 'dataloader';
import type { Rows } from '../lists/list.ts';
import type { RowsById } from '../lists/pages/load-page.ts';

/** Looks up things of one kind by id, each at most once per client request; remembering costs nothing until the next look-up. */
export type ById<Thing> = RowsById<Thing>;

/** @param retrieve returns null if there is no thing with this id */
export function createById<Thing extends { readonly id: string }>(
  retrieve: (id: string) => Promise<Thing | null>,
): ById<Thing> {
  const settle = (id: string): Promise<Thing | null | Error> =>
    retrieve(id).catch((reason: unknown) =>
      reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason }),
    );
  let loader: DataLoader<string, Thing | null> | undefined;
  let remembered: readonly Rows<Thing>[] = [];
  return {
    load(id) {
      loader ??= new DataLoader<string, Thing | null>((ids) => Promise.all(ids.map(settle)));
      for (const things of remembered) for (const thing of things) loader.prime(thing.id, thing);
      remembered = [];
      return loader.load(id);
    },
    remember(things) {
      remembered = [...remembered, things];
    },
  };
}
