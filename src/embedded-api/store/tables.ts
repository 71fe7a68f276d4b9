import { AGENT_FIELDS } from '../model/agent.ts';
import { RUN_FIELDS } from '../model/fields.ts';
import { MESSAGE_FIELDS } from '../model/message.ts';
import { STEP_FIELDS, STEP_METRICS_FIELDS } from '../model/step.ts';
import { columnsOf } from './columns.ts';

export const RUNS = columnsOf('runs', RUN_FIELDS);
export const STEPS = columnsOf('steps', STEP_FIELDS);
export const STEP_METRICS = columnsOf('step_metrics', STEP_METRICS_FIELDS);
/** In the order of insertion, which SQLite keeps as `rowid`: the sequence by which Letta lists messages. */
export const MESSAGES = columnsOf('messages', MESSAGE_FIELDS);

export const AGENTS = columnsOf('agents', AGENT_FIELDS);

/** The tables besides that of the runs, with their indexes. */
export const DETAIL_TABLES = [
  { columns: AGENTS, indexes: [] },
  { columns: STEPS, indexes: ['steps_by_run ON steps (run_id, created_at, id)'] },
  { columns: STEP_METRICS, indexes: [] },
  {
    columns: MESSAGES,
    indexes: ['messages_by_run ON messages (run_id)', 'messages_by_step ON messages (step_id)'],
  },
] as const;
