import { field, fieldTable } from './field-table.ts';
import type { DetailField, ValuesOf } from './field.ts';

export type AgentField = DetailField & {
  /** Where servers before Letta 0.14.0 have the value: the key of an object, and a key in that object. */
  readonly older?: readonly [object: string, key: string];
};

/**
 * The fields of an agent, by their names here and in GraphQL. They tell a reader of runs what the agent is.
 * Prompt, configuration and secrets of the agent are left out on purpose.
 */
export const AGENT_FIELDS = fieldTable({
  name: field('text', 'The name of the agent. Not unique.'),
  description: field('text', 'What the agent is for, in the words of its creator, if there are any.'),
  agentType: field('text', 'The kind of agent, such as `letta_v1_agent`, as the runs API names it.'),
  model: field('text', 'The handle of its language model, such as `openai/gpt-4o-mini`, if it has one.', {
    older: ['llm_config', 'handle'],
  }),
  tags: field('text list', 'The tags of the agent, in no particular order.', { fallback: [] }),
  createdAt: field('instant', 'When the agent was created.'),
  updatedAt: field('instant', 'When the agent was last changed.'),
  lastRunCompletedAt: field('instant', 'When its last run ended; null if none has.', {
    wire: 'last_run_completion',
  }),
  lastRunDurationMs: field('int', 'How long its last run took, in milliseconds.'),
  lastStopReason: field('enum value', 'Why its last run ended.', { enum: 'stop_reason', raw: 'stop reason' }),
  timezone: field('text', "The agent's time zone, such as `Europe/Berlin`."),
}) satisfies Readonly<Record<string, AgentField>>;

/** An agent that was looked up or listed. A field that is malformed throws an {@link UpstreamError} when it is read. */
export interface Agent extends ValuesOf<typeof AGENT_FIELDS> {
  readonly id: string;
  /** When it was created, in the format of `instantOf`; empty if a look-up doesn't say. */
  readonly createdInstant: string;
}
