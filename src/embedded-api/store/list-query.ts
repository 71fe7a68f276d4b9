import type { SQLInputValue } from 'node:sqlite';
import type { FieldName } from '../model/fields.ts';
import { INDEXED_COLUMNS, indexOf, TIME_INDEX } from './indexes.ts';

/** A position in the total order of runs. `createdAt` is in the stored form, with six fraction digits. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/**
 * The allowed values of columns, in stored form. Columns are combined with AND, the values of one with OR; an
 * empty list matches nothing, an absent column does not filter.
 */
export type Filters = { readonly [K in FieldName]?: readonly (string | number)[] };

export interface ListQuery {
  readonly organizationId: string;
  /** @default none */
  readonly filters?: Filters;
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

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** SQLite allows up to 500 terms in a compound; long before that, filtering the whole list is as fast. */
const MAX_MERGED = 50;

/**
 * Builds the statement for one page. It reads one index in list order or, for several values of its column, one
 * range of the index per value, merged by SQLite's co-routines: there is no sort, and deep pages are as fast as
 * the first one.
 */
export function planList(query: ListQuery): SqlQuery {
  const { organizationId, filters = {} } = query;
  const column = INDEXED_COLUMNS.find((name) => canMerge(filters[name]));
  const shared = [
    among('organization_id', [organizationId]),
    ...Object.entries(filters).flatMap(([name, values]) => (name === column ? [] : [among(name, values)])),
    ...betweenCursors(query),
  ];
  const branches =
    column === undefined
      ? [shared]
      : [...new Set(filters[column])].map((value) => [among(column, [value]), ...shared]);
  const index = column === undefined ? TIME_INDEX : indexOf(column);
  const direction = query.ascending ? 'ASC' : 'DESC';
  const parts = branches.map(
    (conditions) =>
      `SELECT * FROM runs INDEXED BY ${index} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
  );
  return {
    sql: `${parts.join(' UNION ALL ')} ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    values: [...branches.flat().flatMap(({ values }) => values), query.limit],
  };
}

function canMerge(values: Filters[FieldName]): boolean {
  const size = new Set(values).size;
  return size > 0 && size <= MAX_MERGED;
}

function among(column: string, values: readonly (string | number)[]): Condition {
  if (values.length === 1) return { sql: `${column} = ?`, values };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

function betweenCursors({ ascending, following, preceding }: ListQuery): Condition[] {
  return [
    ...(following ? [beyond(ascending ? '>' : '<', following)] : []),
    ...(preceding ? [beyond(ascending ? '<' : '>', preceding)] : []),
  ];
}

function beyond(operator: '<' | '>', { createdAt, id }: Position): Condition {
  return { sql: `(created_at, id) ${operator} (?, ?)`, values: [createdAt, id] };
}
