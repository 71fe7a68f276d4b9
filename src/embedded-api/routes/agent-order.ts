import type { AgentRow } from '../model/agent.ts';

/** The columns that a list of agents can be sorted by; ties by id. */
export type SortColumn = 'created_at' | 'updated_at' | 'last_run_completion';

/** Compares by the column, then by id; nulls come last in either order, but among them the id decides. */
export function compareAgents(a: AgentRow, b: AgentRow, column: SortColumn, ascending: boolean): number {
  const [one, other] = [a[column], b[column]];
  if ((one === null) !== (other === null)) return one === null ? 1 : -1;
  const order = compareTexts(one ?? '', other ?? '') || compareTexts(a.id, b.id);
  return ascending ? order : -order;
}

/**
 * Letta's condition for the rows on one side of a cursor. It takes nulls for the smallest values, though they are
 * sorted last: ascending, no null follows a value, and all values follow a null.
 */
export function isBeyond(row: AgentRow, cursor: AgentRow, column: SortColumn, forward: boolean): boolean {
  const [own, at] = [row[column], cursor[column]];
  const order = compareTexts(own ?? '', at ?? '') || compareTexts(row.id, cursor.id);
  return forward ? order > 0 : order < 0;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
