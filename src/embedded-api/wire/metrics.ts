import { definitionOf, isFieldName, RUN_FIELDS } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { epochNanoseconds } from '../model/timestamps.ts';
import { fieldWriter } from './kinds.ts';
import { rowCheck } from './row-checks.ts';

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

/** The columns of its table that Letta never writes, though a run has one of the same name. */
const NEVER_WRITTEN = new Set(['base_template_id']);

const assertValid = rowCheck('RunMetrics', RUN_FIELDS, ['tools_used']);

const ENTRIES = METRICS_KEYS.map((key) => ({ key, write: metricWriter(key) }));

/** Writes the field of the run with this name, or null if there is none. */
function metricWriter(key: string): (row: RunRow) => string {
  if (key === 'run_start_ns') return (row) => epochNanoseconds(row.created_at);
  if (!isFieldName(key) || NEVER_WRITTEN.has(key)) return () => 'null';
  const write = fieldWriter(definitionOf(key));
  return (row) => write(row[key], 1);
}

/** Serializes the `RunMetrics` of a run as JSON. @throws RowError if its `tools_used` isn't a list of strings. */
export function wireMetrics(row: RunRow): string {
  assertValid(row);
  return `{${ENTRIES.map(({ key, write }) => `"${key}":${write(row)}`).join(',')}}`;
}
