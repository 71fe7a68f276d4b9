/** What the Relay specification makes of a list, with flags that tell the truth in every case. */
export interface RelayPage<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface RelayArguments<Row> {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly after?: Row | undefined;
  readonly before?: Row | undefined;
}

/**
 * `EdgesToReturn` of the Relay cursor connections specification, over a whole list in memory. A
 * cursor is a place of the sorted list, whether or not its row passes the filter.
 *
 * @param all every row, in the order of the list
 * @param matches which of them the connection holds
 */
export function relayPage<Row>(
  all: readonly Row[],
  matches: (row: Row) => boolean,
  { first, last, after, before }: RelayArguments<Row>,
): RelayPage<Row> {
  const allEdges = all.filter(matches);
  // ApplyCursorsToEdges
  const start = after === undefined ? 0 : all.slice(0, all.indexOf(after) + 1).filter(matches).length;
  const end =
    before === undefined ? allEdges.length : all.slice(0, all.indexOf(before)).filter(matches).length;
  // An empty window stands where paging would start: behind `after`, or ahead of `before`.
  let [from, to] = last === undefined ? [start, Math.max(start, end)] : [Math.min(start, end), end];
  if (first !== undefined) to = Math.min(to, from + first);
  if (last !== undefined) from = Math.max(from, to - last);
  return {
    rows: allEdges.slice(from, to),
    hasNextPage: to < allEdges.length,
    hasPreviousPage: from > 0,
  };
}
