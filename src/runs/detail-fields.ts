import type { RunField } from './run-fields.ts';

/** The fields of the parts of a run have some kinds more than those of runs. */
export type DetailField =
  | RunField
  | {
      readonly wire: string;
      readonly kind: DetailKind;
      readonly enum?: never;
    };

/** `long` is a whole number of any size, `epoch` nanoseconds since 1970, which pass 2^53. */
export type DetailKind = 'long' | 'epoch' | 'text list';

/**
 * The fields of a step, by their names here and in GraphQL. The type, the decoder and drift detection
 * are derived from this table.
 */
export const STEP_FIELDS = {
  id: { wire: 'id', kind: 'id' },
  runId: { wire: 'run_id', kind: 'text' },
  agentId: { wire: 'agent_id', kind: 'text' },
  status: { wire: 'status', kind: 'enum value', enum: 'step_status' },
  stopReason: { wire: 'stop_reason', kind: 'enum value', enum: 'stop_reason' },
  model: { wire: 'model', kind: 'text' },
  modelHandle: { wire: 'model_handle', kind: 'text' },
  providerName: { wire: 'provider_name', kind: 'text' },
  contextWindowLimit: { wire: 'context_window_limit', kind: 'long' },
  promptTokens: { wire: 'prompt_tokens', kind: 'long' },
  completionTokens: { wire: 'completion_tokens', kind: 'long' },
  totalTokens: { wire: 'total_tokens', kind: 'long' },
  cachedInputTokens: { wire: 'cached_input_tokens', kind: 'long' },
  cacheWriteTokens: { wire: 'cache_write_tokens', kind: 'long' },
  reasoningTokens: { wire: 'reasoning_tokens', kind: 'long' },
  errorType: { wire: 'error_type', kind: 'text' },
  errorData: { wire: 'error_data', kind: 'object' },
  feedback: { wire: 'feedback', kind: 'enum value', enum: 'feedback' },
  tags: { wire: 'tags', kind: 'text list' },
  traceId: { wire: 'trace_id', kind: 'text' },
} as const satisfies Readonly<Record<string, DetailField>>;

/** The other fields of a step in Letta 0.16.7: they describe the installation, or are always empty. */
export const IGNORED_STEP_FIELDS = [
  'origin',
  'organization_id',
  'provider_id',
  'provider_category',
  'model_endpoint',
  'completion_tokens_details',
  'prompt_tokens_details',
  'tid',
  'request_id',
  'messages',
  'project_id',
];

/** The fields of a run's metrics. */
export const METRICS_FIELDS = {
  startedAt: { wire: 'run_start_ns', kind: 'epoch' },
  durationNs: { wire: 'run_ns', kind: 'whole number' },
  stepCount: { wire: 'num_steps', kind: 'int' },
  toolIds: { wire: 'tools_used', kind: 'text list' },
} as const satisfies Readonly<Record<string, DetailField>>;

/** The other fields of a run's metrics in Letta 0.16.7, which the run itself has. */
export const IGNORED_METRICS_FIELDS = [
  'id',
  'organization_id',
  'agent_id',
  'project_id',
  'template_id',
  'base_template_id',
];
