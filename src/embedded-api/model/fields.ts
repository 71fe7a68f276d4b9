import { DEFAULT_ACTOR } from './actors.ts';
import { RUN_STATUSES, STOP_REASONS } from './enum-values.ts';
import { type FieldDefinition, type FieldTable, type NameIn, namesOf } from './field.ts';

/**
 * The fields of a run in wire order. Types, columns, defaults, checks and serialization are derived from this
 * table. The names are those on the wire and of the columns.
 */
export const RUN_FIELDS = {
  id: { kind: 'text', required: true, pattern: '^(job|run)-[a-fA-F0-9]{8}' },
  status: { kind: 'text', default: 'created', values: RUN_STATUSES },
  created_at: { kind: 'zonedTime', required: true },
  completed_at: { kind: 'zonelessTime' },
  agent_id: { kind: 'text', required: true },
  conversation_id: { kind: 'text' },
  base_template_id: { kind: 'text' },
  background: { kind: 'boolean' },
  metadata: { kind: 'object', ormName: 'metadata_' },
  request_config: { kind: 'requestConfig' },
  stop_reason: { kind: 'text', values: STOP_REASONS },
  callback_url: { kind: 'text' },
  callback_sent_at: { kind: 'zonelessTime' },
  callback_status_code: { kind: 'integer' },
  callback_error: { kind: 'text' },
  ttft_ns: { kind: 'integer' },
  total_duration_ns: { kind: 'integer', inLists: 'run_ns' },
  run_ns: { kind: 'integer', metricsOnly: true },
  num_steps: { kind: 'integer', metricsOnly: true },
  tools_used: { kind: 'texts', metricsOnly: true },
  // Letta creates the metrics together with the run, but other programs that write runs may not.
  lacks_metrics: { kind: 'boolean', unsent: true },
  // The steps and messages of a sample run are made when they are first read.
  lacks_details: { kind: 'boolean', unsent: true },
  // A live run is removed once there are many newer ones.
  is_live: { kind: 'boolean', unsent: true },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId, metricsOnly: true },
} as const satisfies FieldTable;

export type FieldName = NameIn<typeof RUN_FIELDS>;

export const isFieldName = (name: string): name is FieldName => name in RUN_FIELDS;

export const FIELD_NAMES: readonly FieldName[] = namesOf(RUN_FIELDS);

type InLists = Extract<(typeof RUN_FIELDS)[FieldName], { inLists: string }>['inLists'];

/** Returns the definition of a field with widened types, for loops over all fields. */
export function definitionOf(name: FieldName): FieldDefinition & { readonly inLists?: InLists } {
  return RUN_FIELDS[name];
}
