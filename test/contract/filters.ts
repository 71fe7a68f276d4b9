import { expect } from 'vitest';
import { enumValues, isRunEnum } from '../../src/runs/run-enums.ts';
import { LISTED_FILTERS } from '../../src/runs/run-list.ts';
import type { WireRun } from '../support/run-fields.ts';
import { listRuns, type WireFilters, type WireQuery } from '../support/run-list.ts';
import type { Observed } from './observe.ts';
import { known } from './releases.ts';
import { idsOf } from './target.ts';

/** Compares a list with what the same query selects of the rows that are known. */
export async function expectListed({ client, heads, dialect }: Observed, query: WireQuery): Promise<void> {
  const { order = 'desc', limit = 100, filters, ...cursors } = query;
  const { rows, complete } = heads[order];
  const expected = idsOf(listRuns(rows, query, dialect));
  const found = idsOf(await client.runs({ ...filters, ...cursors, order, limit: query.limit }));
  const [before, after] = [query.before, query.after].map((id) => rows.some((row) => row.id === id));
  const isClosed = dialect === 'documented' ? before : after;
  // Of a longer list only the beginning is known.
  const isKnown = complete || isClosed || expected.length === limit;
  expect(isKnown ? found : found.slice(0, expected.length), JSON.stringify(query)).toEqual(expected);
}

/** The filters of the gateway's table, each with the key of a run that it is about. */
const ROWS = Object.values(LISTED_FILTERS).map(({ parameter, argument: { type, isList } }) => ({
  parameter,
  type,
  isList,
  // An enum is called like the key.
  key: (isRunEnum(type) ? type : parameter.replace(/s$/, '')) as keyof WireRun,
}));

/** Filters for the runs that are there. */
export const FILTERS = ROWS.map(({ parameter, type, isList, key }) => {
  const valuesFor = (rows: readonly WireRun[], observed: Observed): readonly (string | boolean)[] => {
    if (type === 'Boolean') return [true, false];
    return isRunEnum(type)
      ? known(observed, `runs?${parameter}=`, enumValues(type))
      : usual(rows, key).map(String);
  };
  const filtersFor = (rows: readonly WireRun[], observed: Observed): readonly WireFilters[] => {
    const values = valuesFor(rows, observed);
    if (!isList) return values.map((value) => ({ [parameter]: value }));
    const [first = '', second = first] = values.map(String);
    return [...values.map((value) => [String(value)]), [second, first], [first, first], values.map(String)]
      .filter((list) => list.length > 0)
      .map((list) => ({ [parameter]: list }));
  };
  return [parameter, filtersFor] as const;
});

/** The own values of a run as filters that it matches. */
export function filterLike(row: WireRun): WireFilters {
  const entries = ROWS.flatMap(({ parameter, isList, key }) => {
    const value = row[key] as string | boolean | null | undefined;
    return value == null ? [] : [[parameter, isList ? [String(value)] : value]];
  });
  return Object.fromEntries(entries);
}

/** The values of a key, the most frequent first; at most three. */
function usual<K extends keyof WireRun>(rows: readonly WireRun[], key: K): NonNullable<WireRun[K]>[] {
  const byValue = Map.groupBy(rows, (row) => row[key]);
  return [...byValue]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([value]) => value)
    .filter((value): value is NonNullable<WireRun[K]> => value != null)
    .slice(0, 3);
}
