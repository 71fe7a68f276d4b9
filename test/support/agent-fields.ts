/**
 * What the tests know of an agent, from observing Letta 0.16.7. Nothing here comes from `src`: the two
 * must agree because both are right.
 */

export const AGENT_TYPES = [
  'memgpt_agent',
  'memgpt_v2_agent',
  'letta_v1_agent',
  'react_agent',
  'workflow_agent',
  'split_thread_agent',
  'sleeptime_agent',
  'voice_convo_agent',
  'voice_sleeptime_agent',
] as const;

/** The keys that the tests look at, of which older servers lack some. */
export const AGENT_KEYS = [
  'id',
  'name',
  'description',
  'agent_type',
  'model',
  'tags',
  'created_at',
  'updated_at',
  'hidden',
  'last_run_completion',
  'last_run_duration_ms',
  'last_stop_reason',
  'timezone',
] as const;

/** An agent as the wire shows it, as far as the tests look at it. */
export interface WireAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly agent_type: string;
  readonly model: string | null;
  readonly tags: readonly string[];
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly last_run_completion: string | null;
  readonly last_run_duration_ms: number | null;
  readonly last_stop_reason: string | null;
  readonly timezone: string | null;
  readonly hidden: boolean | null;
}
