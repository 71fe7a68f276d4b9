/** The last items of a list, such as the steps of a run, oldest first. */
export interface Items<Item> {
  readonly nodes: readonly Item[];
  /** The cursor of the first item if there are earlier ones. */
  readonly start: string | null;
}

interface Page<Item> {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
}

/** Joins items with a page of newer items, or with the page before a cursor. */
export function joined<Item extends { readonly id: string }>(
  items: Items<Item> | undefined,
  page: Page<Item> | null | undefined,
  before: string | null | undefined,
): Items<Item> | undefined {
  if (!page) return items;
  const { nodes, pageInfo } = page;
  const start = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
  if (items === undefined) return { nodes, start };
  if (before) return { nodes: [...nodes, ...items.nodes], start };
  const overlap = items.nodes.findIndex(({ id }) => id === nodes[0]?.id);
  // Without an overlap, items in between may be missing. With an overlap at 0, the page has all items.
  if (overlap <= 0) return { nodes, start };
  return { nodes: [...items.nodes.slice(0, overlap), ...nodes], start: items.start };
}
