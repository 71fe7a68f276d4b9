import type { Bound, ListQuery } from '../store/list-query.ts';
import { dateTime } from './date-parameter.ts';
import { databaseError, filter, LIST_PARAMETERS, rejectNul } from './list-parameters.ts';
import { choice, exactInt, text, texts, type Values } from './query-parameters.ts';

const { agent_id, agent_ids, statuses, background, stop_reason, conversation_id, active } = LIST_PARAMETERS;
const { before, after, limit, order, ascending } = LIST_PARAMETERS;

/** An empty id doesn't filter. */
const unlessEmpty = (id: string): readonly string[] | undefined => (id === '' ? undefined : [id]);

/** The query parameters of `GET /v1/_internal_runs/`, in Letta's order of declaration. */
export const INTERNAL_PARAMETERS = {
  run_id: filter('id', text, unlessEmpty),
  agent_id,
  agent_ids,
  statuses,
  background,
  stop_reason,
  template_family: filter('base_template_id', text, unlessEmpty),
  step_count: exactInt,
  step_count_operator: choice('enum', ['eq', 'gte', 'lte']),
  tools_used: texts,
  before,
  after,
  limit,
  order,
  order_by: choice('literal_error', ['created_at', 'duration']),
  active,
  ascending,
  project_id: text,
  conversation_id,
  duration_percentile: exactInt,
  duration_value: exactInt,
  duration_operator: choice('literal_error', ['gt', 'lt', 'eq']),
  start_date: dateTime,
  end_date: dateTime,
};

type Given = Values<typeof INTERNAL_PARAMETERS>;

const OPERATORS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * Returns the conditions that plain runs don't have, but for the percentile. No run here has a project.
 * @throws HttpError (500) for what PostgreSQL or its driver refuses
 */
export function boundsOf(params: Given): Pick<ListQuery, 'bounds' | 'toolsUsed'> {
  const { step_count, duration_value, duration_operator, start_date, end_date, project_id } = params;
  const { tools_used: toolsUsed } = params;
  rejectNul([project_id, ...(toolsUsed ?? [])]);
  const bounds: Bound[] = [];
  if (start_date !== undefined)
    bounds.push({ column: 'created_at', operator: '>=', value: stored(start_date) });
  if (end_date !== undefined) bounds.push({ column: 'created_at', operator: '<=', value: stored(end_date) });
  if (step_count !== undefined) {
    const operator = OPERATORS[params.step_count_operator ?? 'eq'];
    bounds.push({ column: 'num_steps', operator, value: sized(step_count, 32) });
  }
  if (duration_value !== undefined && duration_operator !== undefined) {
    const operator = OPERATORS[duration_operator];
    bounds.push({ column: 'run_ns', operator, value: sized(duration_value, 64) });
  }
  if (params.order_by === 'duration') bounds.push({ column: 'run_ns', operator: 'IS NOT', value: null });
  if (project_id) bounds.push({ column: 'id', operator: '=', value: null });
  return { bounds, toolsUsed };
}

/** Returns a number that a column of so many bits can be compared with. @throws HttpError (500) */
function sized(value: bigint, bits: 32 | 64): bigint {
  if (BigInt.asIntN(bits, value) !== value) throw databaseError();
  return value;
}

const SECOND = 1_000_000n;
const [FIRST_SECOND, LAST_SECOND] = [-62_135_596_800n, 253_402_300_799n];

/** Returns the stored form of microseconds since the epoch. @throws HttpError (500) outside of the years 1 to 9999 */
function stored(micros: bigint): string {
  const fraction = ((micros % SECOND) + SECOND) % SECOND;
  const second = (micros - fraction) / SECOND;
  if (second < FIRST_SECOND || second > LAST_SECOND) throw databaseError();
  const whole = new Date(Number(second) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(6, '0')}Z`;
}
