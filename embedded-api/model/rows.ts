import type { MESSAGE_TYPES } from './enum-values.ts';

type Texts<Name extends string> = Readonly<Record<Name, string>>;
type Nullable<Name extends string, Value> = Readonly<Record<Name, Value | null>>;

/**
 * A run as the store takes it: what is sent, its metrics, and what belongs to the store alone. Times are RFC 3339, in
 * UTC if they have no zone, and truncated to microseconds; whole numbers are exact beyond 2^53 if they are bigints.
 */
export type StoredRun = Texts<'id' | 'status' | 'created_at' | 'agent_id' | 'organization_id'> &
  Nullable<'completed_at' | 'conversation_id' | 'base_template_id' | 'stop_reason', string> &
  Nullable<'callback_url' | 'callback_sent_at' | 'callback_error', string> &
  Nullable<'callback_status_code' | 'num_steps', number> &
  Nullable<'ttft_ns' | 'total_duration_ns' | 'run_ns', number | bigint> &
  Nullable<'background' | 'lacks_metrics' | 'lacks_details' | 'is_live', boolean> &
  Nullable<'tools_used', readonly string[]> &
  Nullable<'metadata' | 'request_config', unknown>;

/** A run to insert. Absent fields have defaults: status `created`, the default organization, otherwise null. */
export type NewRun = Partial<StoredRun> & Pick<StoredRun, 'id' | 'agent_id' | 'created_at'>;

/** A step to insert, with what is sent of it. */
export type NewStep = Texts<'id' | 'run_id' | 'created_at'> & Readonly<Record<string, unknown>>;

/** An agent to insert, with what is sent of it. Without a configuration of its model, Letta fails to send it. */
export type NewAgent = Texts<'id' | 'name' | 'created_at' | 'updated_at'> &
  Readonly<Record<string, unknown>> & { readonly llm_config?: object | null };

/** An item of a list of messages as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly message_type: (typeof MESSAGE_TYPES)[number];
  readonly step_id: string | null;
  readonly [key: string]: unknown;
}

/** A stored message to insert, of which none, one or several items are sent. */
export interface NewMessage {
  readonly id: string;
  readonly run_id: string;
  readonly created_at: string;
  readonly items: readonly WireItem[];
  /** The id of a message beside which this one isn't sent, as the return of `send_message` beside its call. */
  readonly omitted_with?: string;
}

/** What happened in one run, both in the order of their lists. */
export interface RunDetails {
  readonly steps: readonly NewStep[];
  readonly messages: readonly NewMessage[];
}

/** A row as SQLite returns it. `json` is what is sent, times have six fraction digits, `tools_used` is JSON. */
export type RunRow = Texts<'id' | 'organization_id' | 'created_at' | 'agent_id' | 'status' | 'json'> &
  Nullable<'stop_reason' | 'tools_used', string> &
  Nullable<'run_ns' | 'num_steps' | 'lacks_metrics' | 'lacks_details' | 'is_live', bigint>;

export type StepRow = Texts<'id' | 'run_id' | 'created_at' | 'organization_id' | 'json'> &
  Nullable<'step_start_ns' | 'llm_request_ns' | 'tool_execution_ns' | 'step_ns', bigint>;

/** Its `json` is an object with the `items`; `rowid` is the sequence by which messages are listed. */
export type MessageRow = Texts<'id' | 'created_at' | 'json'> &
  Nullable<'omitted_with', string> & { readonly rowid: bigint };

/** `tags` and `llm_config` are JSON. */
export type AgentRow = Texts<'id' | 'organization_id' | 'name' | 'created_at' | 'tags' | 'json'> &
  Nullable<'base_template_id' | 'llm_config', string> &
  Nullable<'hidden', bigint>;

/** A position in a list by time, then id. `createdAt` has six fraction digits. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}
