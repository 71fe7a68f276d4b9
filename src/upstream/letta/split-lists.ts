import pMap from 'p-map';
import { comparePositions } from '../../pagination/position.ts';
import { RepeatedKeysError, UpstreamError } from '../../runs/errors.ts';
import { positionOf } from '../../runs/position.ts';
import { RUN_FILTER_NAMES, type RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import { MAX_ADDRESS_BYTES } from '../http/request-size.ts';
import { listPath } from './runs-url.ts';

/** Requests in flight for one range query. */
const MAX_AT_ONCE = 8;
/** Room in an address for a cursor, which a filter is followed by. */
const CURSOR_BYTES = 100;
/** The minimum limit of the request for a part, unless the page itself is smaller. */
const MIN_SHARE = 50;

type Follow = (query: RunRangeQuery) => Promise<readonly Run[]>;

/**
 * Whether an upstream understands repeated keys, as in `statuses=a&statuses=b`; undefined while
 * that is not known. Behind a proxy that joins them into one key with commas, the API rejects two
 * statuses (400) and finds no runs for two agents (200, empty).
 *
 * All callers share it. It is written from answers of the upstream: `true` by rows that match a query
 * with repeated keys, `false` by a probe of the gateway's own.
 */
export interface RepeatedKeys {
  understood: boolean | undefined;
}

/**
 * Returns the rows of a range from an upstream that may not understand repeated keys: if it doesn't,
 * the query is sent once per value, and the responses are merged in order. Lists that don't fit into
 * an address are sent in parts, which are merged as well.
 *
 * @throws RepeatedKeysError for an `isOneRequest` query that would have to be sent once per value
 */
export async function followSplitting(
  query: RunRangeQuery,
  follow: Follow,
  keys: RepeatedKeys,
): Promise<readonly Run[]> {
  if (!needsRepeatedKeys(query.filter)) return follow(query);
  const fitting = keys.understood === false ? [] : fittingFilters(query);
  if (fitting.length > 1) {
    return followParts(query, fitting, (part) => followSplitting(part, follow, keys));
  }
  if (keys.understood === true) return follow(query);
  if (keys.understood === undefined) {
    const rows = await follow(query).catch((error: unknown) => {
      if (error instanceof UpstreamError && error.status === 400) return null;
      throw error;
    });
    if (rows !== null && rows.length > 0) keys.understood = true;
    else keys.understood = await understandsRepeatedKeys(follow);
    if (rows !== null && keys.understood !== false) return rows;
  }
  if (query.isOneRequest) throw new RepeatedKeysError();
  return followParts(query, splitFilter(query.filter), follow);
}

function needsRepeatedKeys(filter: RunFilter): boolean {
  return RUN_FILTER_NAMES.some((name) => valuesOf(filter, name).length > 1);
}

/** The values of a list filter, each of which is sent as its own key; empty for other filters. */
function valuesOf(filter: RunFilter, name: keyof RunFilter): readonly unknown[] {
  const value: unknown = filter[name];
  return Array.isArray(value) ? value : [];
}

/**
 * Asks for the runs of one agent that has some, named twice, and if there are none, named once: its
 * newest run must still be there, so that it was all the time. Undefined where that isn't so.
 */
async function understandsRepeatedKeys(follow: Follow): Promise<boolean | undefined> {
  const newest: RunRangeQuery = { filter: {}, order: 'desc', after: null, limit: 1 };
  const [run] = await follow(newest);
  if (run === undefined) return undefined;
  const { agentId, id } = run;
  const twice = await follow({ ...newest, filter: { agentIds: [agentId, agentId] } });
  if (twice.length > 0) return true;
  const [once] = await follow({ ...newest, filter: { agentId } });
  return once?.id === id ? false : undefined;
}

/** Splits a filter into one for each combination of the values that would need repeated keys. */
function splitFilter(filter: RunFilter): readonly RunFilter[] {
  let parts: readonly RunFilter[] = [filter];
  for (const name of RUN_FILTER_NAMES) {
    const values = valuesOf(filter, name);
    if (values.length > 1)
      parts = parts.flatMap((part) => values.map((value) => ({ ...part, [name]: [value] })));
  }
  return parts;
}

/** Halves the agents of a filter until each part fits into an address; other lists are short. */
function fittingFilters({ filter, order, limit }: RunRangeQuery): readonly RunFilter[] {
  const { agentIds = [] } = filter;
  const fits = listPath({ filter, order, limit }).length + CURSOR_BYTES <= MAX_ADDRESS_BYTES;
  if (fits || agentIds.length < 2) return [filter];
  const half = Math.ceil(agentIds.length / 2);
  return [agentIds.slice(0, half), agentIds.slice(half)].flatMap((part) =>
    fittingFilters({ filter: { ...filter, agentIds: part }, order, limit, after: null }),
  );
}

/** One part of a split range, with the rows loaded so far. */
interface Part {
  readonly filter: RunFilter;
  readonly rows: readonly Run[];
  /** Whether more rows may follow them. */
  readonly isOpen: boolean;
}

/**
 * Merges the first rows of all parts. Each part is asked for a share of the page, and for more only
 * if it may hold more of it, so that many parts together load about as many rows as one page.
 */
async function followParts(
  query: RunRangeQuery,
  filters: readonly RunFilter[],
  follow: Follow,
): Promise<readonly Run[]> {
  const sign = query.order === 'asc' ? 1 : -1;
  const compare = (a: Run, b: Run): number => sign * comparePositions(positionOf(a), positionOf(b));
  const share = Math.max(MIN_SHARE, Math.ceil((2 * query.limit) / filters.length));
  const limit = Math.min(query.limit, share);
  const readMore = async (part: Part): Promise<Part> => {
    const last = part.rows.at(-1);
    const after = last === undefined ? query.after : positionOf(last);
    const rows = await follow({ ...query, filter: part.filter, after, limit });
    return { ...part, rows: [...part.rows, ...rows], isOpen: rows.length === limit };
  };
  let parts: readonly Part[] = filters.map((filter) => ({ filter, rows: [], isOpen: true }));
  for (;;) {
    const merged = parts
      .flatMap(({ rows }) => rows)
      .toSorted(compare)
      .slice(0, query.limit);
    const end = merged.length < query.limit ? undefined : merged.at(-1);
    const mayHoldMore = ({ rows, isOpen }: Part): boolean => {
      const last = rows.at(-1);
      return isOpen && (last === undefined || end === undefined || compare(last, end) < 0);
    };
    if (!parts.some(mayHoldMore)) return merged;
    parts = await pMap(parts, (part) => (mayHoldMore(part) ? readMore(part) : part), {
      concurrency: MAX_AT_ONCE,
    });
  }
}
