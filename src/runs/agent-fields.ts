import type { DetailField } from './detail-fields.ts';

/** A field of an agent. */
export type AgentField = DetailField & {
  /** Where older servers have it, which don't know its key: the key of an object, and a key in that object. */
  readonly older?: readonly [object: string, key: string];
};

/**
 * The fields of an agent that have to be looked up, by their names here and in GraphQL. Of those of
 * Letta 0.16.7 these are the ones that describe an agent to a reader of its runs; its prompt, its
 * configuration and its secrets are left out on purpose, but for the handle of its model. Types, the decoder and drift detection are
 * derived from this table. Only the GraphQL definitions are written by hand, in
 * `schema/agent-fields.ts`.
 */
export const AGENT_FIELDS = {
  name: { wire: 'name', kind: 'text' },
  description: { wire: 'description', kind: 'text' },
  agentType: { wire: 'agent_type', kind: 'text' },
  model: { wire: 'model', kind: 'text', older: ['llm_config', 'handle'] },
  tags: { wire: 'tags', kind: 'text list' },
  createdAt: { wire: 'created_at', kind: 'instant' },
  updatedAt: { wire: 'updated_at', kind: 'instant' },
  lastRunCompletedAt: { wire: 'last_run_completion', kind: 'instant' },
  lastRunDurationMs: { wire: 'last_run_duration_ms', kind: 'int' },
  lastStopReason: { wire: 'last_stop_reason', kind: 'enum value', enum: 'stop_reason' },
  timezone: { wire: 'timezone', kind: 'text' },
} as const satisfies Readonly<Record<string, AgentField>>;

export type AgentFieldName = keyof typeof AGENT_FIELDS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
export const AGENT_FIELD_NAMES = Object.keys(AGENT_FIELDS) as readonly AgentFieldName[];

/** The same, without the names. */
export const AGENT_FIELD_LIST: readonly AgentField[] = Object.values(AGENT_FIELDS);
