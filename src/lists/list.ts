import { type FilterTable, valueOf } from './filters.ts';
import type { Order, Position } from './position.ts';
import type { Rows } from './rows.ts';

/** The formats of what cursors are made of. */
export interface CursorFormat {
  /** Ids that are accepted in place of a cursor. */
  readonly pattern: RegExp;
  /** Ids that rows of the list may have, and so may occur in cursors. */
  readonly listedPattern: RegExp;
}

/** What a list is: all that the machinery has to know of it. */
export interface ListDefinition<Row> {
  /** What a row is called in messages, with its article, such as `a run`. */
  readonly row: string;
  /**
   * The path of the list, relative to the root of the API, and what is always asked for. That of runs has a
   * trailing slash: without one the API redirects, which would lose the credentials.
   */
  readonly path: string;
  readonly query?: string;
  readonly positionOf: (row: Row) => Position;
  readonly cursors: CursorFormat;
  readonly filters: FilterTable<Row>;
  /** The filter of which the values may be too many for one address. */
  readonly longFilter?: string;
  /** Rows of a page: at most, and if none are asked for. */
  readonly maxRows: number;
  readonly defaultRows: number;
}

/** A query for a range of a list: the rows that follow a position, nearest first. */
export interface RangeQuery<Filter> {
  readonly filter: Filter;
  readonly order: Order;
  /** The rows start right after this position; null starts at the top of the list. */
  readonly after: Position | null;
  /** The maximum number of rows, from 1 to the list's `maxRows`. */
  readonly limit: number;
  /** If set, rejects with {@link RepeatedKeysError} rather than send one request per value of a filter. */
  readonly isOneRequest?: true;
}

/** A list that one caller can see. All methods reject with {@link UpstreamError} on failure. */
export interface ListSource<Row, Filter> {
  /**
   * Returns the rows of a range, checked: strictly after `after`, in strict order, matching the
   * filter, at most `limit`. Rejects with {@link VanishedPositionError} if the position is gone.
   */
  rowsFollowing(query: RangeQuery<Filter>): Promise<Rows<Row>>;
  /**
   * Sends what a range query asks for first, before more is known of its start than the id. Returns what
   * answers it, as `rowsFollowing` does, when the position is known.
   */
  readAhead(query: RangeQuery<Filter>): ListSource<Row, Filter>['rowsFollowing'];
}

/** Ids for the API's two cursor parameters, whose meaning depends on the dialect. */
interface WireCursors {
  readonly before?: string;
  readonly after?: string;
}

/** One request for a page. */
export interface ListParameters<Filter> {
  readonly filter: Filter;
  readonly order: Order;
  readonly limit: number;
  readonly cursors?: WireCursors;
}

/** Rows as they were sent, and the orders in which they are already known to be strictly sorted. */
export interface UncheckedPage<Row> {
  readonly rows: Rows<Row>;
  readonly orders: readonly Order[];
}

/** Returns the path and query of a page, relative to the root of the API. */
export function pathOf<Filter extends object>(
  { path, query = '', filters }: Pick<ListDefinition<never>, 'path' | 'query' | 'filters'>,
  { filter, order, limit, cursors = {} }: ListParameters<Filter>,
): string {
  const { text, add } = createQuery(query);
  for (const name in filters) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The values of filters are sent as they are.
    const value = valueOf(filter, name) as QueryValue | readonly QueryValue[];
    if (value === undefined) continue;
    // Lists are sent as repeated keys: the API accepts no other form, and silently ignores `key[]`.
    for (const one of [value].flat()) add(filters[name]?.parameter ?? name, one);
  }
  add('before', cursors.before);
  add('after', cursors.after);
  add('limit', limit);
  add('order', order);
  return `${path}?${text()}`;
}

type QueryValue = string | number | boolean | undefined;

/** Collects the parameters of a query; those that are undefined are left out. */
function createQuery(start = ''): {
  readonly text: () => string;
  readonly add: (key: string, value: QueryValue) => void;
} {
  let query = start;
  return {
    text: () => query,
    add(key, value) {
      if (value !== undefined) query += `${query === '' ? '' : '&'}${key}=${encodeURIComponent(value)}`;
    },
  };
}
