import { MESSAGE_TYPES, RUN_STATUSES, STOP_REASONS } from './run.ts';

/** What a field of a run may hold. */
export const KINDS = [
  'id',
  'created',
  'instant',
  'text',
  'enum value',
  'enum list',
  'boolean',
  'int',
  'whole number',
  'object',
  'config',
] as const;

interface Field {
  readonly key: string;
  readonly kind: (typeof KINDS)[number];
  /** Those that Letta 0.16.7 knows, of an enum. */
  readonly enumValues?: readonly string[];
}

/** The fields of a run as Letta 0.16.7 writes them, always all of them and in this order. */
export const RUN_FIELDS = [
  { key: 'id', kind: 'id' },
  { key: 'status', kind: 'enum value', enumValues: RUN_STATUSES },
  { key: 'created_at', kind: 'created' },
  { key: 'completed_at', kind: 'instant' },
  { key: 'agent_id', kind: 'id' },
  { key: 'conversation_id', kind: 'text' },
  { key: 'base_template_id', kind: 'text' },
  { key: 'background', kind: 'boolean' },
  { key: 'metadata', kind: 'object' },
  { key: 'request_config', kind: 'config' },
  { key: 'stop_reason', kind: 'enum value', enumValues: STOP_REASONS },
  { key: 'callback_url', kind: 'text' },
  { key: 'callback_sent_at', kind: 'instant' },
  { key: 'callback_status_code', kind: 'int' },
  { key: 'callback_error', kind: 'text' },
  { key: 'ttft_ns', kind: 'whole number' },
  { key: 'total_duration_ns', kind: 'whole number' },
] as const satisfies readonly Field[];

/** The fields of its `request_config`. */
export const CONFIG_FIELDS = [
  { key: 'use_assistant_message', kind: 'boolean' },
  { key: 'assistant_message_tool_name', kind: 'text' },
  { key: 'assistant_message_tool_kwarg', kind: 'text' },
  { key: 'include_return_message_types', kind: 'enum list', enumValues: MESSAGE_TYPES },
] as const satisfies readonly Field[];

/** All of them: each has a slot in a scanned row, at its place in this list. */
export const FIELDS: readonly Field[] = [...RUN_FIELDS, ...CONFIG_FIELDS];

export type FieldKey = (typeof RUN_FIELDS)[number]['key'] | (typeof CONFIG_FIELDS)[number]['key'];

const SLOTS: ReadonlyMap<string, number> = new Map(FIELDS.map(({ key }, slot) => [key, slot]));

export function slotOf(key: FieldKey): number {
  return SLOTS.get(key) ?? 0;
}

/** A name of the wire as it is written here: `agent_id` is agentId. */
export function camelCase(key: string): string {
  return key.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
