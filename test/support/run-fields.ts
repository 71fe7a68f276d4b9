/**
 * What the tests know of a run, from observing Letta 0.16.7. Nothing here comes from `src`: the two
 * must agree because both are right. Everything the tests do with all fields is derived from these
 * tables, so a new field is a new line here and nowhere else under `test/`; a new enum value as well.
 */

export const RUN_STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'] as const;
export const ACTIVE_STATUSES: readonly string[] = ['created', 'running'];

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

export const STEP_STATUSES = ['pending', 'success', 'failed', 'cancelled'] as const;
export const FEEDBACK = ['positive', 'negative'] as const;
export const TOOL_RETURN_STATUSES = ['success', 'error'] as const;
export const REASONING_SOURCES = ['reasoner_model', 'non_reasoner_model'] as const;
export const HIDDEN_REASONING_STATES = ['redacted', 'omitted'] as const;

/** Few of each, so that random filters match random runs. */
export const AGENT_IDS = ['a', 'b', 'c'].map(
  (letter) => `agent-${letter.repeat(8)}-0000-4000-8000-000000000000`,
);
export const CONVERSATION_IDS = ['1', '2'].map(
  (digit) => `conv-${digit.repeat(8)}-0000-4000-8000-000000000000`,
);

/** What each kind of field holds where it isn't null. */
interface Kinds {
  readonly id: string;
  readonly text: string;
  readonly enum: string;
  readonly 'enum list': readonly string[];
  readonly flag: boolean;
  /** RFC 3339 with a `Z`. */
  readonly 'zoned instant': string;
  /** UTC as well, but the wire leaves the `Z` out. */
  readonly 'zoneless instant': string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly int: number;
  readonly nanoseconds: number;
}

type Kind = keyof Kinds;

/** What the tests do with a field of each kind; none can be forgotten. */
export type ByKind<T> = Readonly<Record<Kind, T>>;

export interface Field {
  readonly kind: Kind;
  /** Never null, and never missing. */
  readonly isRequired?: true;
  /** The enum values that are known, or the few texts that random runs have. */
  readonly values?: readonly string[];
  /** What the API sends where nothing was stored; null unless it says otherwise. */
  readonly fallback?: unknown;
}

/** By names of the wire, in its order. A row has all of these keys and no others. */
export const RUN_FIELDS = {
  id: { kind: 'id', isRequired: true },
  status: { kind: 'enum', isRequired: true, values: RUN_STATUSES },
  created_at: { kind: 'zoned instant', isRequired: true },
  completed_at: { kind: 'zoneless instant' },
  agent_id: { kind: 'id', isRequired: true, values: AGENT_IDS },
  conversation_id: { kind: 'text', values: CONVERSATION_IDS },
  base_template_id: { kind: 'text' },
  background: { kind: 'flag' },
  metadata: { kind: 'object' },
  request_config: { kind: 'config' },
  stop_reason: { kind: 'enum', values: STOP_REASONS },
  callback_url: { kind: 'text' },
  callback_sent_at: { kind: 'zoneless instant' },
  callback_status_code: { kind: 'int' },
  callback_error: { kind: 'text' },
  ttft_ns: { kind: 'nanoseconds' },
  total_duration_ns: { kind: 'nanoseconds' },
} as const satisfies Readonly<Record<string, Field>>;

/** The same for its `request_config`. */
export const CONFIG_FIELDS = {
  use_assistant_message: { kind: 'flag', fallback: true },
  assistant_message_tool_name: { kind: 'text', fallback: 'send_message' },
  assistant_message_tool_kwarg: { kind: 'text', fallback: 'message' },
  include_return_message_types: { kind: 'enum list', values: MESSAGE_TYPES },
} as const satisfies Readonly<Record<string, Field>>;

type ValueOf<F extends Field> = F extends { readonly isRequired: true }
  ? Kinds[F['kind']]
  : Kinds[F['kind']] | null;

/** A run as the wire shows it. */
export type WireRun = {
  readonly [Name in keyof typeof RUN_FIELDS]: ValueOf<(typeof RUN_FIELDS)[Name]>;
};

type Table = Readonly<Record<string, Field>>;

export function entriesOf(table: Table): readonly (readonly [string, Field])[] {
  return Object.entries(table);
}

/** An object with the same keys as the table. */
export function mapFields<T>(table: Table, make: (field: Field, name: string) => T): Record<string, T> {
  return Object.fromEntries(entriesOf(table).map(([name, field]) => [name, make(field, name)]));
}

/** `agent_id` is `agentId` in GraphQL. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
