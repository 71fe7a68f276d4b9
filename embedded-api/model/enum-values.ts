/** The enum values of Letta 0.16.7 in order of declaration. */
export const RUN_STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'] as const;

export const ACTIVE_STATUSES = ['created', 'running'] as const;

export const STOP_REASONS = [
  'end_turn',
  'error',
  'llm_api_error',
  'invalid_llm_response',
  'invalid_tool_call',
  'max_steps',
  'max_tokens_exceeded',
  'no_tool_call',
  'tool_rule',
  'cancelled',
  'insufficient_credits',
  'requires_approval',
  'context_window_overflow_in_system_prompt',
] as const;

export const MESSAGE_TYPES = [
  'system_message',
  'user_message',
  'assistant_message',
  'reasoning_message',
  'hidden_reasoning_message',
  'tool_call_message',
  'tool_return_message',
  'approval_request_message',
  'approval_response_message',
  'summary_message',
  'event_message',
] as const;

export const FEEDBACK = ['positive', 'negative'] as const;
