import { DEFAULT_ACTOR } from './actors.ts';
import { AGENT_TYPES, STOP_REASONS } from './enum-values.ts';
import type { FieldTable } from './field.ts';
import type { KeptRow, NewRow } from './row.ts';

/** The columns of an agent in wire order. What Letta sends besides them is the same for all agents here. */
export const AGENT_FIELDS = {
  created_by_id: { kind: 'text' },
  created_at: { kind: 'zonedTime', required: true },
  updated_at: { kind: 'zonedTime', required: true },
  id: { kind: 'text', required: true },
  name: { kind: 'text', required: true },
  system: { kind: 'text', default: '' },
  agent_type: { kind: 'text', default: 'letta_v1_agent', values: AGENT_TYPES },
  // Stored as null, it makes Letta fail.
  llm_config: { kind: 'object' },
  description: { kind: 'text' },
  metadata: { kind: 'object' },
  tags: { kind: 'texts', default: [] },
  project_id: { kind: 'text' },
  template_id: { kind: 'text' },
  base_template_id: { kind: 'text' },
  last_run_completion: { kind: 'zonedTime' },
  last_run_duration_ms: { kind: 'integer' },
  last_stop_reason: { kind: 'text', values: STOP_REASONS },
  timezone: { kind: 'text' },
  hidden: { kind: 'boolean' },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId, unsent: true },
} as const satisfies FieldTable;

/** An agent to insert. Absent fields have their defaults, otherwise null. */
export type NewAgent = NewRow<typeof AGENT_FIELDS>;

/** An agent as SQLite returns it. */
export type AgentRow = KeptRow<typeof AGENT_FIELDS>;
