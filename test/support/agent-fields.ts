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

/** The keys of an agent on the wire, in its order. */
export const AGENT_KEYS = [
  'created_by_id',
  'last_updated_by_id',
  'created_at',
  'updated_at',
  'id',
  'name',
  'tool_rules',
  'message_ids',
  'system',
  'agent_type',
  'llm_config',
  'embedding_config',
  'model',
  'embedding',
  'model_settings',
  'compaction_settings',
  'response_format',
  'description',
  'metadata',
  'memory',
  'blocks',
  'tools',
  'sources',
  'tags',
  'tool_exec_environment_variables',
  'secrets',
  'project_id',
  'template_id',
  'base_template_id',
  'deployment_id',
  'entity_id',
  'identity_ids',
  'identities',
  'pending_approval',
  'message_buffer_autoclear',
  'enable_sleeptime',
  'multi_agent_group',
  'managed_group',
  'last_run_completion',
  'last_run_duration_ms',
  'last_stop_reason',
  'timezone',
  'max_files_open',
  'per_file_view_window_char_limit',
  'hidden',
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
