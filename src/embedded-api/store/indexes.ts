import { type FieldName, isNullable } from '../model/fields.ts';

/**
 * The columns by which lists are filtered with an index, most selective first: the first one that a list is
 * filtered by decides which index is read. SQLite would need statistics to choose, and could change its mind.
 */
export const INDEXED_COLUMNS = [
  'conversation_id',
  'agent_id',
  'stop_reason',
  'status',
] as const satisfies readonly FieldName[];

/** The index of lists that none of these columns filters. */
export const TIME_INDEX = 'runs_by_time';

/** `runs_by_agent` for `agent_id`. */
export function indexOf(column: FieldName): string {
  return `runs_by_${column.replace(/_id$/, '')}`;
}

/**
 * Every index ends in `(created_at, id)`, the total order of all lists, so that a page starts with one look-up
 * and is read in order.
 */
export const CREATE_INDEXES = [
  `CREATE INDEX IF NOT EXISTS ${TIME_INDEX} ON runs (organization_id, created_at, id);`,
  ...INDEXED_COLUMNS.map((column) => {
    const rows = isNullable(column) ? ` WHERE ${column} IS NOT NULL` : '';
    return `CREATE INDEX IF NOT EXISTS ${indexOf(column)} ON runs (organization_id, ${column}, created_at, id)${rows};`;
  }),
].join('\n');

export const DROP_INDEXES = [TIME_INDEX, ...INDEXED_COLUMNS.map(indexOf)]
  .map((index) => `DROP INDEX ${index};`)
  .join('\n');
