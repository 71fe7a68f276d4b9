import { UpstreamError } from '../../errors/upstream-error.ts';
import { RepeatedKeysError } from '../errors.ts';
import { listedValues, mismatched } from '../filters.ts';
import { type ListDefinition, pathOf, type RangeQuery } from '../list.ts';
import type { Rows } from '../rows.ts';
import { mergeParts } from './merge-parts.ts';
import type { Follow } from './paged-range.ts';

/**
 * Whether an upstream understands repeated keys, as in `statuses=a&statuses=b`; undefined while
 * that is not known. Behind a proxy that joins them into one key with commas, the API rejects two
 * enum values (400) and finds no rows for two ids (200, empty).
 *
 * All callers share it. It is written from answers of the upstream: `true` by rows that match a query
 * with repeated keys and not the joined one, `false` by a probe of the gateway's own.
 */
export interface RepeatedKeys {
  understood: boolean | undefined;
}

/** What decides into which requests a range is split. */
export interface Splitting<Row> {
  readonly list: ListDefinition<Row>;
  readonly memory: {
    readonly repeatedKeys: RepeatedKeys;
    /** The maximum length of the path and query of a request, relative to the root of the API. */
    readonly maxPathBytes: number;
  };
  /** Asks the upstream whether it understands repeated keys; undefined where its rows don't decide. */
  understandsRepeatedKeys(): Promise<boolean | undefined>;
}

/** Whether a filter has several values, each of which is sent as its own key. */
export function hasRepeatedKeys(filter: object): boolean {
  for (const name in filter) if (listedValues(filter, name).length > 1) return true;
  return false;
}

/** Room in an address for a cursor, which a filter is followed by. */
const CURSOR_BYTES = 100;

/**
 * Returns the rows of a range from an upstream that may not understand repeated keys: if it doesn't,
 * the query is sent once per value, and the responses are merged in order. Lists that don't fit into
 * an address are sent in parts, which are merged as well.
 *
 * @throws RepeatedKeysError for an `isOneRequest` query that would have to be sent once per value
 */
export async function followSplitting<Row, Filter extends object>(
  query: RangeQuery<Filter>,
  follow: Follow<Row, Filter>,
  splitting: Splitting<Row>,
): Promise<Rows<Row>> {
  const { list, memory } = splitting;
  const { repeatedKeys: keys } = memory;
  const repeated = Object.keys(list.filters).filter((name) => listedValues(query.filter, name).length > 1);
  if (repeated.length === 0) return follow(query);
  const fitting = keys.understood === false ? [] : fittingFilters(query, splitting);
  if (fitting.length > 1) {
    return mergeParts(query, fitting, (part) => followSplitting(part, follow, splitting), list);
  }
  if (keys.understood === true) return follow(query);
  if (keys.understood === undefined) {
    const rows = await follow(query).catch((error: unknown) => {
      if (error instanceof UpstreamError && error.status === 400) return null;
      throw error;
    });
    // A row that has the values joined by commas, as tags may be, is what such a proxy would have found.
    const joined = Object.fromEntries(
      repeated.map((name) => [name, [listedValues(query.filter, name).join(',')]]),
    );
    if (mismatched(list.filters, rows ?? [], joined).length > 0) keys.understood = true;
    else keys.understood = await splitting.understandsRepeatedKeys();
    if (rows !== null && keys.understood !== false) return rows;
  }
  if (query.isOneRequest) throw new RepeatedKeysError();
  // One for each combination of the values that would need repeated keys.
  const parts = repeated.reduce<readonly Filter[]>(
    (some, name) =>
      some.flatMap((part) => listedValues(part, name).map((value) => ({ ...part, [name]: [value] }))),
    [query.filter],
  );
  return mergeParts(query, parts, follow, list);
}

/** Halves the long list of a filter until each part fits into an address; other lists are short. */
function fittingFilters<Row, Filter extends object>(
  { filter, order, limit }: RangeQuery<Filter>,
  splitting: Splitting<Row>,
): readonly Filter[] {
  const { list, memory } = splitting;
  const { longFilter = '' } = list;
  const values = listedValues(filter, longFilter);
  const fits = pathOf(list, { filter, order, limit }).length + CURSOR_BYTES <= memory.maxPathBytes;
  if (fits || values.length < 2) return [filter];
  const half = Math.ceil(values.length / 2);
  return [values.slice(0, half), values.slice(half)].flatMap((part) =>
    fittingFilters({ filter: { ...filter, [longFilter]: part }, order, limit, after: null }, splitting),
  );
}
