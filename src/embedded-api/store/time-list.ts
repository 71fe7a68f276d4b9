import type { SQLInputValue } from 'node:sqlite';
import type { Position } from './list-query.ts';

/** One page of a list by `(created_at, id)`, with the cursors of Letta's base class for lists. */
export interface TimeListQuery {
  readonly organizationId: string;
  readonly ascending: boolean;
  /** Of rows, from 0. */
  readonly limit: number;
  /** Only rows that precede this position in list order; with `after`, those created before it. */
  readonly before?: Position | undefined;
  /** Only rows that follow this position in list order; with `before`, those created after it. */
  readonly after?: Position | undefined;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * Returns the rows of a page as Letta 0.16.7 does, faults included: with one cursor, a descending list compares
 * the times backwards but the ids of equal times forwards; with both, it is the middle of the rows between them.
 * @param scope the table, and the column whose value the rows share
 */
export function listByTime<Row>(
  rows: (sql: string, values: SQLInputValue[]) => Row[],
  scope: { readonly table: string; readonly column: string; readonly value: string },
  query: TimeListQuery,
): Row[] {
  const { organizationId, ascending, limit, before, after } = query;
  const direction = ascending ? 'ASC' : 'DESC';
  const cursors = between(query);
  const isWindow = before !== undefined && after !== undefined;
  const conditions = [
    { sql: `${scope.column} = ? AND organization_id = ?`, values: [scope.value, organizationId] },
    ...cursors,
  ];
  const found = rows(
    `SELECT * FROM ${scope.table} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ` +
      `ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    [...conditions.flatMap(({ values }) => values), isWindow ? 2 * limit : limit],
  );
  return isWindow && found.length > limit ? middle(found, limit) : found;
}

function between({ ascending, before, after }: TimeListQuery): Condition[] {
  if (before !== undefined && after !== undefined) return [beyond('<', before), beyond('>', after)];
  const [earlier, later] = ascending ? (['<', '>'] as const) : (['>', '<'] as const);
  return [
    ...(before === undefined ? [] : [beyond(earlier, before, '<')]),
    ...(after === undefined ? [] : [beyond(later, after, '>')]),
  ];
}

/** @param among the operator for the ids of rows of the same time. @default the operator for times */
function beyond(operator: '<' | '>', { createdAt, id }: Position, among = operator): Condition {
  return {
    sql: `(created_at ${operator} ? OR created_at = ? AND id ${among} ?)`,
    values: [createdAt, createdAt, id],
  };
}

function middle<Row>(rows: readonly Row[], limit: number): Row[] {
  const start = Math.max(0, Math.floor(rows.length / 2) - Math.floor(limit / 2));
  return rows.slice(start, start + limit);
}
