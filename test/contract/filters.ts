import { expect } from 'vitest';
import { MAX_LIMIT, type Observed, type Order } from './observe.ts';
import { idsOf, type WireRun } from './target.ts';

/** The filters of the list as they are sent. */
export type Filter = Readonly<{
  agent_id?: string;
  agent_ids?: string[];
  statuses?: string[];
  background?: boolean;
  stop_reason?: string;
  conversation_id?: string;
  active?: boolean;
}>;

/** AND across the filters, OR inside an array; some beat others. */
function matches(row: WireRun, filter: Filter): boolean {
  const { background, stop_reason, conversation_id } = filter;
  const agents = filter.agent_id === undefined ? filter.agent_ids : [filter.agent_id];
  const statuses = filter.statuses ?? (filter.active === true ? ['created', 'running'] : undefined);
  return (
    (agents === undefined || agents.includes(row.agent_id)) &&
    (statuses === undefined || statuses.includes(row.status)) &&
    (background === undefined || background === row.background) &&
    (stop_reason === undefined || stop_reason === row.stop_reason) &&
    (conversation_id === undefined || conversation_id === row.conversation_id)
  );
}

/** One way to ask for the ids of a list: plain HTTP, or the official client. */
export type Lister = (query: Filter & { order: Order; limit: number }) => Promise<string[]>;

/** Compares a filtered list with the list filtered here. */
export async function expectFiltered(
  { heads }: Observed,
  list: Lister,
  filter: Filter,
  order: Order,
): Promise<void> {
  const { rows, complete } = heads[order];
  const expected = rows.filter((row) => matches(row, filter));
  // Of a longer list only the beginning is known.
  const limit = complete ? MAX_LIMIT : expected.length;
  if (limit === 0) return;
  expect(await list({ ...filter, order, limit }), JSON.stringify(filter)).toEqual(idsOf(expected));
}

/** The own values of a run as filters that it matches. */
export function filterLike(row: WireRun): Filter {
  const { agent_id, status, background, stop_reason, conversation_id } = row;
  return {
    agent_id,
    statuses: [status],
    ...(background !== null && { background }),
    ...(stop_reason !== null && { stop_reason }),
    ...(conversation_id !== null && { conversation_id }),
  };
}

/** All combinations, none and all included. */
export function subsets(filter: Filter): Filter[] {
  return Object.entries(filter).reduce<Filter[]>(
    (combinations, [name, value]) => [
      ...combinations,
      ...combinations.map((combination) => ({ ...combination, [name]: value })),
    ],
    [{}],
  );
}

/** The run with the most values to filter by. */
export function richest(rows: readonly WireRun[]): WireRun | undefined {
  const count = (row: WireRun) => Object.keys(filterLike(row)).length;
  return rows.toSorted((a, b) => count(b) - count(a))[0];
}

/** The values of a key, the most frequent first; at most three. */
export function usual<K extends keyof WireRun>(rows: readonly WireRun[], key: K): NonNullable<WireRun[K]>[] {
  const counts = new Map<NonNullable<WireRun[K]>, number>();
  for (const row of rows) {
    const value = row[key];
    if (value !== null && value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([value]) => value);
}
