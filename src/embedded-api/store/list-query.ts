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

/** A condition on a column that null doesn't meet. Texts and whole numbers compare as in SQL. */
export interface Bound {
  readonly column: FieldName;
  /** `IS NOT` with null admits every value. */
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'IS NOT';
  readonly value: string | number | bigint | null;
}

export interface ListQuery {
  readonly organizationId: string;
  /** @default none */
  readonly filters?: Filters;
  /** Combined with the filters by AND. @default none */
  readonly bounds?: readonly Bound[];
  /** Only runs that used one of these tools. @default whatever they used */
  readonly toolsUsed?: readonly string[] | undefined;
  /** Ties by the total order. @default 'created_at' */
  readonly orderBy?: 'created_at' | 'run_ns' | undefined;
  readonly ascending: boolean;
  readonly limit: number;
  /** Only rows strictly after this position in list order. */
  readonly following?: Position | undefined;
  /** Only rows strictly before this position in list order. */
  readonly preceding?: Position | undefined;
}

export interface SqlQuery {
  readonly sql: string;
  readonly values: SQLInputValue[];
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** SQLite allows up to 500 terms in a compound; long before that, filtering the whole list is as fast. */
const MAX_MERGED = 50;

/**
 * Builds the statement for one page. It reads one index in list order or, for several values of its column, one
 * range of the index per value, merged by SQLite's co-routines: there is no sort unless it is by duration, and deep
 * pages are as fast as the first one.
 */
export function planList(query: ListQuery): SqlQuery {
  const { organizationId, filters = {} } = query;
  const column = INDEXED_COLUMNS.find((name) => canMerge(filters[name]));
  const shared = [
    among('organization_id', [organizationId]),
    ...Object.entries(filters).flatMap(([name, values]) => (name === column ? [] : [among(name, values)])),
    ...(query.bounds ?? []).map(bounded),
    ...(query.toolsUsed === undefined ? [] : [usingOneOf(query.toolsUsed)]),
    ...betweenCursors(query),
  ];
  const branches =
    column === undefined
      ? [shared]
      : [...new Set(filters[column])].map((value) => [among(column, [value]), ...shared]);
  const index = column === undefined ? TIME_INDEX : indexOf(column);
  // A single run is found by its id.
  const source = filters.id === undefined ? `runs INDEXED BY ${index}` : 'runs';
  const direction = query.ascending ? 'ASC' : 'DESC';
  const parts = branches.map(
    (conditions) => `SELECT * FROM ${source} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
  );
  const order = [...(query.orderBy === 'run_ns' ? ['run_ns'] : []), 'created_at', 'id'];
  return {
    sql: `${parts.join(' UNION ALL ')} ORDER BY ${order.map((name) => `${name} ${direction}`).join(', ')} LIMIT ?`,
    values: [...branches.flat().flatMap(({ values }) => values), query.limit],
  };
}

function canMerge(values: Filters[FieldName]): boolean {
  const size = new Set(values).size;
  return size > 0 && size <= MAX_MERGED;
}

export function among(column: string, values: readonly (string | number)[]): Condition {
  if (values.length === 1) return { sql: `${column} = ?`, values };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

function bounded({ column, operator, value }: Bound): Condition {
  return { sql: `${column} ${operator} ?`, values: [value] };
}

function usingOneOf(tools: readonly string[]): Condition {
  const sql =
    'EXISTS (SELECT 1 FROM json_each(tools_used) AS tool WHERE tool.value IN (SELECT value FROM json_each(?)))';
  return { sql, values: [JSON.stringify(tools)] };
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
