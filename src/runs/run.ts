/** Every status the runs API of Letta 0.16.7 knows, as written on the wire. */
export const RUN_STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** The statuses that the API's `active` filter stands for. */
export const ACTIVE_STATUSES: readonly RunStatus[] = ['created', 'running'];

/** Every stop reason Letta 0.16.7 knows, as written on the wire. */
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
export type StopReason = (typeof STOP_REASONS)[number];

/** Every message type a run's request can ask for, as written on the wire. */
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

/** How the caller asked for the run's messages to be shaped. */
export interface RunRequestConfig {
  readonly useAssistantMessage: boolean | null;
  readonly assistantMessageToolName: string | null;
  readonly assistantMessageToolKwarg: string | null;
  /** Wire text of each type; may hold types newer than {@link MESSAGE_TYPES}. */
  readonly includeReturnMessageTypes: readonly string[] | null;
}

/**
 * One execution of an AI agent. Enum-like fields keep the wire's text, so that a value newer than
 * this program is carried rather than lost. Timestamps are RFC 3339 texts with a zone.
 */
export interface Run {
  readonly id: string;
  readonly agentId: string;
  readonly createdAt: string;
  /** When that was, as `instantOf` has it. */
  readonly createdInstant: string;
  readonly status: string | null;
  readonly stopReason: string | null;
  readonly completedAt: string | null;
  readonly conversationId: string | null;
  readonly baseTemplateId: string | null;
  readonly background: boolean | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly requestConfig: RunRequestConfig | null;
  readonly callbackUrl: string | null;
  readonly callbackSentAt: string | null;
  readonly callbackStatusCode: number | null;
  readonly callbackError: string | null;
  /** Nanoseconds from the start to the first token. */
  readonly ttftNs: number | null;
  /** Nanoseconds from the start to the end. */
  readonly totalDurationNs: number | null;
  /**
   * Whether that duration is the one of the run's metrics where there are any, as lists show it. A
   * run that was looked up has another one, measured elsewhere.
   */
  readonly isDurationMeasured: boolean;
}
