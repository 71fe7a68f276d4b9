import { field, fieldTable } from './field-table.ts';
import type { DetailField, ValuesOf } from './field.ts';

/** The fields of a step, by their names here and in GraphQL. */
export const STEP_FIELDS = fieldTable({
  id: field('id', "The step's id, `step-` and a UUID; the same as in REST. Also accepted as a cursor."),
  runId: field('text', 'The id of the run that the step belongs to.', { type: 'ID' }),
  agentId: field('text', 'The id of the agent that took the step.', { type: 'ID' }),
  status: field('enum value', 'The status of the step; null if it is unknown.', {
    enum: 'step_status',
    raw: 'status',
    fallback: 'pending',
  }),
  stopReason: field('enum value', 'Why the step ended; null until it has.', {
    enum: 'stop_reason',
    raw: 'stop reason',
  }),
  model: field('text', 'The name of the language model, such as `gpt-4o-mini`.'),
  modelHandle: field('text', 'The model with its provider, such as `openai/gpt-4o-mini`.'),
  providerName: field('text', 'The provider of the model, such as `openai`.'),
  contextWindowLimit: field('long', 'The number of tokens that the model was allowed to see.'),
  promptTokens: field('long', 'The tokens that were sent to the model.', { fallback: 0 }),
  completionTokens: field('long', 'The tokens that the model wrote.', { fallback: 0 }),
  totalTokens: field('long', 'The tokens that were sent and written.', { fallback: 0 }),
  cachedInputTokens: field('long', "Of the tokens sent, those from the provider's cache; null if unknown."),
  cacheWriteTokens: field(
    'long',
    "Of the tokens sent, those put into the provider's cache; null if unknown.",
  ),
  reasoningTokens: field('long', 'Of the tokens written, those for reasoning; null if unknown.'),
  errorType: field('text', 'The kind of error that made the step fail; null if it did not fail.'),
  errorData: field('object', 'Details of that error, as stored. They may contain stack traces.'),
  feedback: field('enum value', 'The feedback that the step was given, if any.', {
    enum: 'feedback',
  }),
  tags: field('text list', 'The tags that the step was stored with.', { fallback: [] }),
  traceId: field('text', 'The id of the trace of the step, if it was traced.'),
}) satisfies Readonly<Record<string, DetailField>>;

/** The keys of a step in Letta 0.16.7 that describe the installation, or are always empty. */
export const IGNORED_STEP_FIELDS = words(
  'origin organization_id provider_id provider_category model_endpoint completion_tokens_details',
  'prompt_tokens_details tid request_id messages project_id',
);

/** One step of a run: a request to a language model, and its outcome. */
export interface RunStep extends ValuesOf<typeof STEP_FIELDS> {
  /** The number of the step in its run, from 0; null if it was retrieved by id. */
  readonly index: number | null;
}

/** The fields of the metrics of a step, of which the schema shows the times. */
export const TIMING_FIELDS = fieldTable({
  startedAt: field(
    'epoch',
    'When the step started, to the microsecond; null if unknown: Letta 0.16.7 does not store it.',
    { wire: 'step_start_ns' },
  ),
  totalNs: field('whole number', 'How long the step took; null if it was not measured.', {
    wire: 'step_ns',
  }),
  modelNs: field('whole number', 'How long it waited for the language model; null if it was not measured.', {
    wire: 'llm_request_ns',
  }),
  toolNs: field('whole number', 'How long tools ran; null if none did, or it was not measured.', {
    wire: 'tool_execution_ns',
  }),
}) satisfies Readonly<Record<string, DetailField>>;

export const METRICS_FIELDS = fieldTable({
  startedAt: field('epoch', 'When the run started, to the microsecond.', { wire: 'run_start_ns' }),
  durationNs: field('whole number', 'How long the run took; null until it has ended.', {
    wire: 'run_ns',
  }),
  stepCount: field('int', 'The number of steps that were counted when the run ended.', { wire: 'num_steps' }),
  toolIds: field('text list', 'The ids of the tools that were called.', { wire: 'tools_used', type: 'ID' }),
}) satisfies Readonly<Record<string, DetailField>>;

/**
 * The measurements, each at a separate endpoint: of a run, and `timing` of a step. Ignored are keys of Letta 0.16.7 that
 * the run or the step has too, or that are always empty.
 */
export const PART_FIELDS = {
  metrics: {
    fields: METRICS_FIELDS,
    ignored: words('id organization_id agent_id project_id template_id base_template_id'),
  },
  timing: {
    fields: TIMING_FIELDS,
    ignored: words(
      'id organization_id provider_id run_id agent_id llm_request_start_ns',
      'base_template_id template_id project_id',
    ),
  },
} as const;

/** Names with spaces between them. */
function words(...lines: readonly string[]): readonly string[] {
  return lines.join(' ').split(' ');
}
