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
 * The fields of a step, by their names here and in GraphQL. Of those of Letta 0.16.7, what describes
 * the installation (its model endpoint, provider and organization ids) and what is deprecated is left
 * out. The type and the decoder are derived from this table.
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

/** The fields of a run's metrics. */
export const METRICS_FIELDS = {
  startedAt: { wire: 'run_start_ns', kind: 'epoch' },
  durationNs: { wire: 'run_ns', kind: 'whole number' },
  stepCount: { wire: 'num_steps', kind: 'int' },
  toolIds: { wire: 'tools_used', kind: 'text list' },
} as const satisfies Readonly<Record<string, DetailField>>;
