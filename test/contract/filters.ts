import { expect } from 'vitest';
import { RUN_STATUSES, STOP_REASONS, type WireRun } from '../support/run-fields.ts';
import { listRuns, type WireFilters, type WireQuery } from '../support/run-list.ts';
import type { Observed } from './observe.ts';
import { known } from './releases.ts';
import { idsOf } from './target.ts';

/** Compares a list with what the same query selects of the rows that are known. */
export async function expectListed({ client, heads, dialect }: Observed, query: WireQuery): Promise<void> {
  const { order = 'desc', limit = 100 } = query;
  const { rows, complete } = heads[order];
  const expected = idsOf(listRuns(rows, query, dialect));
  const found = idsOf(await client.runs(query));
  const [before, after] = [query.before, query.after].map((id) => rows.some((row) => row.id === id));
  const isClosed = dialect === 'documented' ? before : after;
  // Of a longer list only the beginning is known.
  const isKnown = complete || isClosed || expected.length === limit;
  expect(isKnown ? found : found.slice(0, expected.length), JSON.stringify(query)).toEqual(expected);
}

/** Filters for the runs that are there. */
export const FILTERS: readonly (readonly [
  name: string,
  filters: (rows: readonly WireRun[], observed: Observed) => WireFilters[],
])[] = [
  ['agent_id', (rows) => usual(rows, 'agent_id').map((agent_id) => ({ agent_id }))],
  ['agent_ids', (rows) => [{ agent_ids: [...usual(rows, 'agent_id').slice(0, 2), 'nobody'] }]],
  [
    'statuses',
    () => [
      ...RUN_STATUSES.map((status) => ({ statuses: [status] })),
      { statuses: ['failed', 'created'] },
      { statuses: ['completed', 'completed'] },
      { statuses: RUN_STATUSES },
    ],
  ],
  ['background', () => [{ background: true }, { background: false }]],
  [
    'stop_reason',
    (_, observed) =>
      known(observed, 'runs?stop_reason=', STOP_REASONS).map((stop_reason) => ({ stop_reason })),
  ],
  [
    'conversation_id',
    (rows) => usual(rows, 'conversation_id').map((conversation_id) => ({ conversation_id })),
  ],
  ['active', () => [{ active: true }, { active: false }, { active: true, background: true }]],
];

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

/** The values of a key, the most frequent first; at most three. */
export function usual<K extends keyof WireRun>(rows: readonly WireRun[], key: K): NonNullable<WireRun[K]>[] {
  const byValue = Map.groupBy(rows, (row) => row[key]);
  return [...byValue]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([value]) => value)
    .filter((value): value is NonNullable<WireRun[K]> => value != null)
    .slice(0, 3);
}
