import { DEFAULT_ACTOR } from './actors.ts';
import { FEEDBACK, STOP_REASONS } from './enum-values.ts';
import type { FieldTable } from './field.ts';
import type { KeptRow, NewRow } from './row.ts';

/** The fields of a step in wire order; `created_at` is never sent. */
export const STEP_FIELDS = {
  id: { kind: 'text', required: true },
  origin: { kind: 'text' },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId },
  provider_id: { kind: 'text' },
  run_id: { kind: 'text', required: true },
  agent_id: { kind: 'text' },
  provider_name: { kind: 'text' },
  provider_category: { kind: 'text' },
  model: { kind: 'text' },
  model_handle: { kind: 'text' },
  model_endpoint: { kind: 'text' },
  context_window_limit: { kind: 'integer' },
  completion_tokens: { kind: 'integer', default: 0 },
  prompt_tokens: { kind: 'integer', default: 0 },
  total_tokens: { kind: 'integer', default: 0 },
  cached_input_tokens: { kind: 'integer' },
  cache_write_tokens: { kind: 'integer' },
  reasoning_tokens: { kind: 'integer' },
  completion_tokens_details: { kind: 'object' },
  prompt_tokens_details: { kind: 'object' },
  stop_reason: { kind: 'text', values: STOP_REASONS },
  tags: { kind: 'texts', default: [], refusesNull: true },
  tid: { kind: 'text' },
  trace_id: { kind: 'text' },
  request_id: { kind: 'text' },
  feedback: { kind: 'text', values: FEEDBACK, isLiteral: true },
  project_id: { kind: 'text' },
  error_type: { kind: 'text' },
  error_data: { kind: 'object' },
  // One of pending, success, failed and cancelled: a type of Letta's database, which admits no other.
  status: { kind: 'text', default: 'pending', takesNull: true },
  created_at: { kind: 'zonedTime', required: true, unsent: true },
} as const satisfies FieldTable;

/** The fields of the metrics of a step in wire order. */
export const STEP_METRICS_FIELDS = {
  id: { kind: 'text', required: true },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId },
  provider_id: { kind: 'text' },
  run_id: { kind: 'text' },
  agent_id: { kind: 'text' },
  step_start_ns: { kind: 'integer' },
  llm_request_start_ns: { kind: 'integer' },
  llm_request_ns: { kind: 'integer' },
  tool_execution_ns: { kind: 'integer' },
  step_ns: { kind: 'integer' },
  base_template_id: { kind: 'text' },
  template_id: { kind: 'text' },
  project_id: { kind: 'text' },
} as const satisfies FieldTable;

/** A step to insert. Absent fields have defaults: the default organization, no tokens, no tags, otherwise null. */
export type NewStep = NewRow<typeof STEP_FIELDS>;

/** A step as SQLite returns it. */
export type StepRow = KeptRow<typeof STEP_FIELDS>;

/** The metrics of a step to insert, by the id of the step. */
export type NewStepMetrics = NewRow<typeof STEP_METRICS_FIELDS>;

/** The metrics of a step as SQLite returns them. */
export type StepMetricsRow = KeptRow<typeof STEP_METRICS_FIELDS>;
