import { AGENT_FIELDS } from '../model/agent.ts';
import { RUN_FIELDS } from '../model/fields.ts';
import { columnsOf } from './columns.ts';

export const RUNS = columnsOf('runs', RUN_FIELDS);
export const AGENTS = columnsOf('agents', AGENT_FIELDS);
