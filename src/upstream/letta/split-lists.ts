import pMap from 'p-map';
import { comparePositions } from '../../pagination/position.ts';
import { RepeatedKeysError, UpstreamError } from '../../runs/errors.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { RUN_FILTER_NAMES, type RunFilter } from '../../runs/run-filters.ts';
import type { RunRangeQuery } from '../../runs/source.ts';

/** Requests at a time for one range query. */
const MAX_AT_ONCE = 8;
/** Rows that a part is asked for at least, if the page has as many. */
const LEAST_SHARE = 50;

type Follow = (query: RunRangeQuery) => Promise<readonly Run[]>;

/**
 * Whether an upstream understands repeated keys, as in `statuses=a&statuses=b`; undefined while
 * that is not known. A proxy that makes one key of them, joined by a comma, has the API refuse two
 * statuses (400) and find no run of two agents (200, empty).
 */
export interface RepeatedKeys {
  understood: boolean | undefined;
}

/**
 * The rows of a range, from an upstream that may not understand repeated keys: if it doesn't, the
 * query is made once for each value, and the answers are merged in order.
 *
 * @throws RepeatedKeysError for a query that must be one request and can't
 */
export async function followSplitting(
  query: RunRangeQuery,
  follow: Follow,
  keys: RepeatedKeys,
): Promise<readonly Run[]> {
  if (keys.understood === true || !needsRepeatedKeys(query.filter)) return follow(query);
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

/** The values of a filter that would need a key for each. */
function valuesOf(filter: RunFilter, name: keyof RunFilter): readonly unknown[] {
  const value: unknown = filter[name];
  return Array.isArray(value) ? value : [];
}

/** Asks for the runs of one agent that has some, named twice. Undefined where there is no run at all. */
async function understandsRepeatedKeys(follow: Follow): Promise<boolean | undefined> {
  const newest: RunRangeQuery = { filter: {}, order: 'desc', after: null, limit: 1 };
  const [run] = await follow(newest);
  if (run === undefined) return undefined;
  const rows = await follow({ ...newest, filter: { agentIds: [run.agentId, run.agentId] } });
  return rows.length > 0;
}

/** The filter once for each combination of the values that would need a repeated key. */
function splitFilter(filter: RunFilter): readonly RunFilter[] {
  let parts: readonly RunFilter[] = [filter];
  for (const name of RUN_FILTER_NAMES) {
    const values = valuesOf(filter, name);
    if (values.length > 1)
      parts = parts.flatMap((part) => values.map((value) => ({ ...part, [name]: [value] })));
  }
  return parts;
}

/** The rows of one part of a range that were asked for by now. */
interface Part {
  readonly filter: RunFilter;
  readonly rows: readonly Run[];
  /** Whether there are more behind them. */
  readonly isOpen: boolean;
}

/**
 * The first rows of all parts together. Each part is asked for its share of them, and for more only
 * where it may hold more of the page: what many parts bring at once stays of the order of one page.
 */
async function followParts(
  query: RunRangeQuery,
  filters: readonly RunFilter[],
  follow: Follow,
): Promise<readonly Run[]> {
  const sign = query.order === 'asc' ? 1 : -1;
  const compare = (a: Run, b: Run): number => sign * comparePositions(positionOf(a), positionOf(b));
  const share = Math.max(LEAST_SHARE, Math.ceil((2 * query.limit) / filters.length));
  const limit = Math.min(query.limit, share);
  const readOn = async (part: Part): Promise<Part> => {
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
    const isDue = ({ rows, isOpen }: Part): boolean => {
      const last = rows.at(-1);
      return isOpen && (last === undefined || end === undefined || compare(last, end) < 0);
    };
    if (!parts.some(isDue)) return merged;
    parts = await pMap(parts, (part) => (isDue(part) ? readOn(part) : part), { concurrency: MAX_AT_ONCE });
  }
}
