import { UpstreamError } from '../../errors/upstream-error.ts';
import { RUN_FILTER_NAMES, type RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import { MAX_ADDRESS_BYTES } from '../../upstream/http/request-size.ts';
import { listPath } from '../../upstream/letta/runs-url.ts';
import { RepeatedKeysError } from '../errors.ts';
import type { Rows } from '../rows.ts';
import { followParts } from './follow-parts.ts';
import { type Follow, type RepeatedKeys, understandsRepeatedKeys } from './repeated-keys.ts';

/** Room in an address for a cursor, which a filter is followed by. */
const CURSOR_BYTES = 100;

/**
 * Returns the rows of a range from an upstream that may not understand repeated keys: if it doesn't,
 * the query is sent once per value, and the responses are merged in order. Lists that don't fit into
 * an address are sent in parts, which are merged as well.
 *
 * @throws RepeatedKeysError for an `isOneRequest` query that would have to be sent once per value
 */
export function followSplitting(
  query: RunRangeQuery,
  follow: Follow,
  keys: RepeatedKeys,
): Promise<Rows<Run>> {
  return needsRepeatedKeys(query.filter) ? followRepeated(query, follow, keys) : follow(query);
}

async function followRepeated(query: RunRangeQuery, follow: Follow, keys: RepeatedKeys): Promise<Rows<Run>> {
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
