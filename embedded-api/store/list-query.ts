import type { SQLInputValue } from 'node:sqlite';
import type { Position } from '../model/rows.ts';
import { INDEXED_COLUMNS, indexOf, TIME_INDEX } from './kinds.ts';

/**
 * The allowed values of columns, in stored form. Columns are combined with AND, the values of one with OR; an
 * empty list matches nothing, an absent column does not filter.
 */
export type Filters = Readonly<
  Partial<Record<(typeof INDEXED_COLUMNS)[number], readonly string[]>> & { background?: readonly number[] }
>;

export interface ListQuery {
  readonly organizationId: string;
  /** @default none */
  readonly filters?: Filters;
  /** Only runs created at this time or later, in stored form. */
  readonly from?: string | undefined;
  /** Only runs created at this time or earlier. */
  readonly to?: string | undefined;
  readonly ascending: boolean;
  readonly limit: number;
  /** Only rows strictly after this position in list order. */
  readonly following?: Position | undefined;
  /** Only rows strictly before this position in list order. */
  readonly preceding?: Position | undefined;
}

interface SqlQuery {
  readonly sql: string;
  readonly values: SQLInputValue[];
}

/** SQLite allows up to 500 terms in a compound; long before that, filtering the whole list is as fast. */
const MAX_MERGED = 50;

/**
 * Builds the statement for one page of runs. It reads one index in list order or, for several values of its column,
 * one range of the index per value, merged by SQLite's co-routines: nothing is sorted, and deep pages are as fast as
 * the first one.
 */
export function planList(query: ListQuery): SqlQuery {
  const { organizationId, filters = {}, from, to, ascending, following, preceding } = query;
  const column = INDEXED_COLUMNS.find((name) => canMerge(filters[name]));
  const [later, earlier] = ascending ? (['>', '<'] as const) : (['<', '>'] as const);
  const shared = [
    among('organization_id', [organizationId]),
    ...Object.entries(filters).flatMap(([name, values]) => (name === column ? [] : [among(name, values)])),
    ...(from === undefined ? [] : [{ sql: 'created_at >= ?', values: [from] }]),
    ...(to === undefined ? [] : [{ sql: 'created_at <= ?', values: [to] }]),
    ...(following === undefined ? [] : [beyond(later, following)]),
    ...(preceding === undefined ? [] : [beyond(earlier, preceding)]),
  ];
  const branches =
    column === undefined
      ? [shared]
      : [...new Set(filters[column])].map((value) => [among(column, [value]), ...shared]);
  const index = column === undefined ? TIME_INDEX : indexOf(column);
  const direction = ascending ? 'ASC' : 'DESC';
  const parts = branches.map(
    (conditions) =>
      `SELECT * FROM runs INDEXED BY ${index} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
  );
  return {
    sql: `${parts.join(' UNION ALL ')} ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    values: [...branches.flat().flatMap(({ values }) => values), query.limit],
  };
}

function canMerge(values: readonly string[] | undefined): boolean {
  const size = new Set(values).size;
  return size > 0 && size <= MAX_MERGED;
}

function among(column: string, values: readonly (string | number)[]): SqlQuery {
  if (values.length === 1) return { sql: `${column} = ?`, values: [...values] };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

function beyond(operator: '<' | '>', { createdAt, id }: Position): SqlQuery {
  return { sql: `(created_at, id) ${operator} (?, ?)`, values: [createdAt, id] };
}
