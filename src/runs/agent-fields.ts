import { type DetailField, field } from './field.ts';

/** A field of an agent. */
export type AgentField = DetailField & {
  /** Where older servers have it, which don't know its key: the key of an object, and a key in that object. */
  readonly older?: readonly [object: string, key: string];
};

/**
 * The fields of an agent that have to be looked up, by their names here and in GraphQL. Of those of
 * Letta 0.16.7 these are the ones that describe an agent to a reader of its runs; its prompt, its
 * configuration and its secrets are left out on purpose, but for the handle of its model.
 */
export const AGENT_FIELDS = {
  name: field('name', 'text', 'The name of the agent. Not unique.'),
  description: field(
    'description',
    'text',
    'What the agent is for, as its creator described it; null if there is no description.',
  ),
  agentType: field(
    'agent_type',
    'text',
    'The kind of agent, such as `letta_v1_agent`, as the runs API names it.',
  ),
  model: field(
    'model',
    'text',
    'The handle of its language model, such as `openai/gpt-4o-mini`; null if it has none.',
    {
      older: ['llm_config', 'handle'],
    },
  ),
  tags: field('tags', 'text list', 'The tags of the agent, in no particular order.'),
  createdAt: field('created_at', 'instant', 'When the agent was created.'),
  updatedAt: field('updated_at', 'instant', 'When the agent was last changed.'),
  lastRunCompletedAt: field('last_run_completion', 'instant', 'When its last run ended; null if none has.'),
  lastRunDurationMs: field('last_run_duration_ms', 'int', 'How long its last run took, in milliseconds.'),
  lastStopReason: field('last_stop_reason', 'enum value', 'Why its last run ended.', {
    enum: 'stop_reason',
    raw: 'stop reason',
  }),
  timezone: field('timezone', 'text', "The agent's time zone, such as `Europe/Berlin`."),
} as const satisfies Readonly<Record<string, AgentField>>;

export type AgentFieldName = keyof typeof AGENT_FIELDS;
