/** What the tests know of steps and messages, from observing Letta 0.16.7. Nothing here comes from `src`. */

/** The keys of a step, in order. */
export const STEP_KEYS = [
  'id',
  'origin',
  'organization_id',
  'provider_id',
  'run_id',
  'agent_id',
  'provider_name',
  'provider_category',
  'model',
  'model_handle',
  'model_endpoint',
  'context_window_limit',
  'completion_tokens',
  'prompt_tokens',
  'total_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'completion_tokens_details',
  'prompt_tokens_details',
  'stop_reason',
  'tags',
  'tid',
  'trace_id',
  'request_id',
  'messages',
  'feedback',
  'project_id',
  'error_type',
  'error_data',
  'status',
] as const;

/** The keys of the metrics of a step, in order. */
export const STEP_METRICS_KEYS = [
  'id',
  'organization_id',
  'provider_id',
  'run_id',
  'agent_id',
  'step_start_ns',
  'llm_request_start_ns',
  'llm_request_ns',
  'tool_execution_ns',
  'step_ns',
  'base_template_id',
  'template_id',
  'project_id',
] as const;

/** What the tests read of a step as it is sent. */
export interface WireStep {
  readonly id: string;
  readonly run_id: string;
  readonly agent_id: string;
  readonly completion_tokens: number;
  readonly prompt_tokens: number;
  readonly total_tokens: number;
  readonly tags: readonly string[];
  readonly messages: readonly [];
  readonly status: string | null;
}

/** The keys that all items of a list of messages begin with, in order. */
export const ITEM_KEYS = [
  'id',
  'date',
  'name',
  'message_type',
  'otid',
  'sender_id',
  'step_id',
  'is_err',
  'seq_id',
  'run_id',
] as const;

/** The keys of each type of item that follow, in order. */
export const OWN_ITEM_KEYS: Readonly<Record<string, readonly string[]>> = {
  system_message: ['content'],
  user_message: ['content'],
  assistant_message: ['content'],
  reasoning_message: ['source', 'reasoning', 'signature'],
  hidden_reasoning_message: ['state', 'hidden_reasoning'],
  tool_call_message: ['tool_call', 'tool_calls'],
  tool_return_message: ['tool_return', 'status', 'tool_call_id', 'stdout', 'stderr', 'tool_returns'],
  approval_request_message: ['tool_call', 'tool_calls'],
  approval_response_message: ['approvals', 'approve', 'approval_request_id', 'reason'],
};

/** What the tests read of an item as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly date: string;
  readonly message_type: string;
  readonly otid: string | null;
  readonly step_id: string | null;
  readonly is_err: true | null;
  readonly run_id: string;
}
