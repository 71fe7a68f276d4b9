import type { SQLInputValue } from 'node:sqlite';

/** A place in the total order of runs. `createdAt` is in the stored form, six fraction digits. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Filters are ANDed, the values within one are ORed; an absent one does not filter. */
export interface ListQuery {
  readonly organizationId: string;
  readonly agentIds?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly stopReason?: string | undefined;
  readonly background?: boolean | undefined;
  readonly conversationId?: string | undefined;
  readonly ascending: boolean;
  readonly limit: number;
  /** Only rows strictly after this place in list order. */
  readonly following?: Position | undefined;
  /** Only rows strictly before this place in list order. */
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

/** SQLite refuses more than 500 parts of a compound; long before that, filtering the whole list is as good. */
const MAX_MERGED = 50;

/**
 * One statement for one page. Reads exactly one index in list order, or, for several agents or statuses, one
 * run of it per value merged by SQLite's co-routines: no sort, and a deep page costs what the first costs.
 */
export function planList(query: ListQuery): SqlQuery {
  const { index, column, merged } = chooseIndex(query);
  const shared = [...filters(query, column), ...window(query)];
  const branches = merged.map((value) => [{ sql: `${column} = ?`, values: [value] }, ...shared]);
  if (branches.length === 0) branches.push(shared);
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

interface IndexChoice {
  readonly index: string;
  /** The column that the index serves by equality, once per merged value. */
  readonly column?: 'conversation_id' | 'agent_id' | 'stop_reason' | 'status';
  readonly merged: readonly string[];
}

/** The most selective filter decides. SQLite would need statistics to choose, and could change its mind. */
function chooseIndex({ conversationId, agentIds, stopReason, statuses }: ListQuery): IndexChoice {
  if (conversationId !== undefined) {
    return { index: 'runs_by_conversation', column: 'conversation_id', merged: [conversationId] };
  }
  const agents = [...new Set(agentIds)];
  if (agents.length > 0 && agents.length <= MAX_MERGED) {
    return { index: 'runs_by_agent', column: 'agent_id', merged: agents };
  }
  if (stopReason !== undefined) {
    return { index: 'runs_by_stop_reason', column: 'stop_reason', merged: [stopReason] };
  }
  if (statuses !== undefined && statuses.length > 0) {
    return { index: 'runs_by_status', column: 'status', merged: [...new Set(statuses)] };
  }
  return { index: 'runs_by_time', merged: [] };
}

/** All conditions but the one that the index serves. */
function filters(query: ListQuery, served: IndexChoice['column']): Condition[] {
  const conditions: Condition[] = [{ sql: 'organization_id = ?', values: [query.organizationId] }];
  const among = (column: string, list: readonly string[] | undefined): void => {
    if (list === undefined || column === served) return;
    conditions.push({ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(list)] });
  };
  among('agent_id', query.agentIds);
  among('status', query.statuses);
  if (query.stopReason !== undefined && served !== 'stop_reason') {
    conditions.push({ sql: 'stop_reason = ?', values: [query.stopReason] });
  }
  if (query.background !== undefined) {
    conditions.push({ sql: 'background = ?', values: [Number(query.background)] });
  }
  return conditions;
}

function window({ ascending, following, preceding }: ListQuery): Condition[] {
  return [
    ...(following ? [beyond(ascending ? '>' : '<', following)] : []),
    ...(preceding ? [beyond(ascending ? '<' : '>', preceding)] : []),
  ];
}

function beyond(operator: '<' | '>', { createdAt, id }: Position): Condition {
  return { sql: `(created_at, id) ${operator} (?, ?)`, values: [createdAt, id] };
}
