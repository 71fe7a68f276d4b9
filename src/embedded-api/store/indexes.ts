import { isNullable } from '../model/field.ts';
import { definitionOf, type FieldName } from '../model/fields.ts';

/**
 * The columns with an index for filtering, most selective first: the first one that a list is filtered by
 * determines the index to use. SQLite itself would need statistics to choose, and its choice could change.
 */
export const INDEXED_COLUMNS = [
  'conversation_id',
  'agent_id',
  'stop_reason',
  'status',
] as const satisfies readonly FieldName[];

/** The index for lists that are not filtered by any of these columns. */
export const TIME_INDEX = 'runs_by_time';

/** The index of the runs that are removed some day. */
export const LIVE_INDEX = 'runs_live';

/** Returns the name of an index, such as `runs_by_agent` for `agent_id`. */
export function indexOf(column: FieldName): string {
  return `runs_by_${column.replace(/_id$/, '')}`;
}

/**
 * Every index ends in `(created_at, id)`, the total order of all lists, so that a page is one seek and a scan in
 * order.
 */
export const CREATE_INDEXES = [
  `CREATE INDEX IF NOT EXISTS ${TIME_INDEX} ON runs (organization_id, created_at, id);`,
  ...INDEXED_COLUMNS.map((column) => {
    const rows = isNullable(definitionOf(column)) ? ` WHERE ${column} IS NOT NULL` : '';
    return `CREATE INDEX IF NOT EXISTS ${indexOf(column)} ON runs (organization_id, ${column}, created_at, id)${rows};`;
  }),
  `CREATE INDEX IF NOT EXISTS ${LIVE_INDEX} ON runs (created_at, id) WHERE is_live = 1;`,
].join('\n');

export const DROP_INDEXES = [TIME_INDEX, LIVE_INDEX, ...INDEXED_COLUMNS.map(indexOf)]
  .map((index) => `DROP INDEX ${index};`)
  .join('\n');
