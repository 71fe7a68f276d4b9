export interface FilterKind<Row, Value> {
  /** The query parameter in REST; lists are sent as repeated keys. */
  readonly parameter: string;
  readonly matches: (row: Row, value: Value) => boolean;
}

/** The filters of a list, by the names of their arguments and in the order in which they are sent. */
// oxlint-disable-next-line typescript/no-explicit-any -- Each filter has values of its own type.
export type FilterTable<Row> = Readonly<Record<string, FilterKind<Row, any>>>;

type MatchTable = Readonly<Record<string, { readonly matches: (row: never, value: never) => boolean }>>;

/** The filters of one request, by name. They are combined with AND, the values of one filter with OR. */
export type FilterOf<Table extends MatchTable> = {
  readonly [Name in keyof Table]?: Parameters<Table[Name]['matches']>[1];
};

/** Returns the value of a filter by its name; undefined if the filter is absent. */
export function valueOf(filter: object, name: string): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Quicker than Reflect.get, once for each row.
  return (filter as Readonly<Record<string, unknown>>)[name];
}

/**
 * Returns the names of the filters that some of these rows don't match; empty if all rows match. A
 * server ignores parameters that it doesn't know, so this detects ignored filters.
 */
export function mismatched<Row>(
  table: FilterTable<Row>,
  rows: Iterable<Row>,
  filter: object,
): readonly string[] {
  return Object.keys(table).filter((name) => {
    const value = valueOf(filter, name);
    if (value === undefined) return false;
    for (const row of rows) if (table[name]?.matches(row, value) === false) return true;
    return false;
  });
}

/** Returns a key that is equal only for equal filters, and stays the same when the table gains filters. */
export function keyOfFilter(table: object, filter: object): string {
  const names = Object.keys(table).filter((name) => valueOf(filter, name) !== undefined);
  return JSON.stringify(names.map((name) => [name, valueOf(filter, name)]));
}
