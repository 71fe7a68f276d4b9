import { isFieldName } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { epochNanoseconds } from '../model/timestamps.ts';
import { fieldWriter } from './kinds.ts';

/** The keys of Letta's `RunMetrics`, in its order. */
const METRICS_KEYS = [
  'id',
  'organization_id',
  'agent_id',
  'project_id',
  'run_start_ns',
  'run_ns',
  'num_steps',
  'tools_used',
  'template_id',
  'base_template_id',
];

const ENTRIES = METRICS_KEYS.map((key) => ({ key, write: metricWriter(key) }));

/** Writes the field of the run with this name, or null if there is none: the embedded API records no tools. */
function metricWriter(key: string): (row: RunRow) => string {
  if (key === 'run_start_ns') return (row) => epochNanoseconds(row.created_at);
  if (!isFieldName(key)) return () => 'null';
  const write = fieldWriter(key);
  return (row) => write(row[key]);
}

/** Serializes the `RunMetrics` of a run as JSON. */
export function wireMetrics(row: RunRow): string {
  return `{${ENTRIES.map(({ key, write }) => `"${key}":${write(row)}`).join(',')}}`;
}
