import { type DetailField, field } from './field.ts';

/** The fields of a step, by their names here and in GraphQL. */
export const STEP_FIELDS = {
  id: field('id', 'id', "The step's id, `step-` and a UUID; the same as in REST. Also accepted as a cursor."),
  runId: field('run_id', 'text', 'The id of the run that the step belongs to.', { type: 'ID' }),
  agentId: field('agent_id', 'text', 'The id of the agent that took the step.', { type: 'ID' }),
  status: field('status', 'enum value', 'The status of the step; null if it is unknown.', {
    enum: 'step_status',
    raw: 'status',
  }),
  stopReason: field('stop_reason', 'enum value', 'Why the step ended; null until it has.', {
    enum: 'stop_reason',
    raw: 'stop reason',
  }),
  model: field('model', 'text', 'The name of the language model, such as `gpt-4o-mini`.'),
  modelHandle: field('model_handle', 'text', 'The model with its provider, such as `openai/gpt-4o-mini`.'),
  providerName: field('provider_name', 'text', 'The provider of the model, such as `openai`.'),
  contextWindowLimit: field(
    'context_window_limit',
    'long',
    'The number of tokens that the model was allowed to see.',
  ),
  promptTokens: field('prompt_tokens', 'long', 'The tokens that were sent to the model.'),
  completionTokens: field('completion_tokens', 'long', 'The tokens that the model wrote.'),
  totalTokens: field('total_tokens', 'long', 'The tokens that were sent and written.'),
  cachedInputTokens: field(
    'cached_input_tokens',
    'long',
    "Of the tokens that were sent, those that came from the provider's cache; null if it did not say.",
  ),
  cacheWriteTokens: field(
    'cache_write_tokens',
    'long',
    "Of the tokens that were sent, those that went into the provider's cache; null if it did not say.",
  ),
  reasoningTokens: field(
    'reasoning_tokens',
    'long',
    'Of the tokens that were written, those for reasoning; null if the provider did not say.',
  ),
  errorType: field(
    'error_type',
    'text',
    'The kind of error that made the step fail; null if it did not fail.',
  ),
  errorData: field(
    'error_data',
    'object',
    'Details of the error that made the step fail, as stored. They may contain stack traces.',
  ),
  feedback: field('feedback', 'enum value', 'The feedback that the step was given; null if there is none.', {
    enum: 'feedback',
  }),
  tags: field('tags', 'text list', 'The tags of the step.'),
  traceId: field('trace_id', 'text', 'The id of the trace of the step, if it was traced.'),
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

/** The fields of the metrics of a step, of which the schema shows the times. */
export const TIMING_FIELDS = {
  startedAt: field(
    'step_start_ns',
    'epoch',
    'When the step started, to the nanosecond; null if it is not known, as on servers of Letta 0.16.7, which do not store it.',
  ),
  totalNs: field(
    'step_ns',
    'whole number',
    'How long the step took, in nanoseconds; null if it was not measured.',
  ),
  modelNs: field(
    'llm_request_ns',
    'whole number',
    'How long the step waited for the language model, in nanoseconds; null if it was not measured.',
  ),
  toolNs: field(
    'tool_execution_ns',
    'whole number',
    'How long tools ran, in nanoseconds; null if the step ran none, or it was not measured.',
  ),
} as const satisfies Readonly<Record<string, DetailField>>;

/** The other fields of the metrics of a step in Letta 0.16.7, which the step itself has, or are always empty. */
const IGNORED_TIMING_FIELDS = [
  'id',
  'organization_id',
  'provider_id',
  'run_id',
  'agent_id',
  'llm_request_start_ns',
  'base_template_id',
  'template_id',
  'project_id',
];

/** The fields of a run's metrics. */
export const METRICS_FIELDS = {
  startedAt: field('run_start_ns', 'epoch', 'When the run started, to the nanosecond.'),
  durationNs: field(
    'run_ns',
    'whole number',
    'How long the run took, in nanoseconds; null until it has ended.',
  ),
  stepCount: field('num_steps', 'int', 'The number of steps that were counted when the run ended.'),
  toolIds: field('tools_used', 'text list', 'The ids of the tools that were called.', { type: 'ID' }),
} as const satisfies Readonly<Record<string, DetailField>>;

/** The other fields of a run's metrics in Letta 0.16.7, which the run itself has. */
const IGNORED_METRICS_FIELDS = [
  'id',
  'organization_id',
  'agent_id',
  'project_id',
  'template_id',
  'base_template_id',
];

/** What is measured, each at an endpoint of its own: of a run, and `timing` of a step. */
export const PART_FIELDS = {
  metrics: { fields: METRICS_FIELDS, ignored: IGNORED_METRICS_FIELDS },
  timing: { fields: TIMING_FIELDS, ignored: IGNORED_TIMING_FIELDS },
} as const;
