import { expect } from 'vitest';
import type { WireRun } from '../support/run-fields.ts';
import { matches, type Order, type WireFilters } from '../support/run-list.ts';
import { MAX_LIMIT, type Observed } from './observe.ts';
import { idsOf } from './target.ts';

/** One way to ask for the ids of a list: plain HTTP, or the official client. */
export type Lister = (query: WireFilters & { order: Order; limit: number }) => Promise<string[]>;

/** Compares a filtered list with the list filtered here. */
export async function expectFiltered(
  { heads }: Observed,
  list: Lister,
  filter: WireFilters,
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
export function filterLike(row: WireRun): WireFilters {
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
export function subsets(filter: WireFilters): WireFilters[] {
  return Object.entries(filter).reduce<WireFilters[]>(
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
