import type { RunEnum } from './run-enums.ts';

/**
 * The kinds of fields on the wire. Only `id` and `created` are required; `created` is an instant with
 * a zone, `instant` may lack one and is then in UTC; `int` fits into 32 bits, `whole number` into
 * 2^53-1.
 */
export const FIELD_KINDS = [
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

export type FieldKind = (typeof FIELD_KINDS)[number];

type EnumKind = 'enum value' | 'enum list';

export type RunField = {
  /** Its key in the JSON of the runs API. */
  readonly wire: string;
} & (
  | { readonly kind: EnumKind; readonly enum: RunEnum }
  | { readonly kind: Exclude<FieldKind, EnumKind>; readonly enum?: never }
);

/**
 * The fields of a run, by their names here and in GraphQL: all those of Letta 0.16.7, in its order.
 * Types, the decoder, the scanner, row copying and drift detection are derived from this table. Only
 * the GraphQL definitions of the fields are written by hand, in `schema/run.ts`.
 */
export const RUN_FIELDS = {
  id: { wire: 'id', kind: 'id' },
  status: { wire: 'status', kind: 'enum value', enum: 'status' },
  createdAt: { wire: 'created_at', kind: 'created' },
  completedAt: { wire: 'completed_at', kind: 'instant' },
  agentId: { wire: 'agent_id', kind: 'id' },
  conversationId: { wire: 'conversation_id', kind: 'text' },
  baseTemplateId: { wire: 'base_template_id', kind: 'text' },
  background: { wire: 'background', kind: 'boolean' },
  metadata: { wire: 'metadata', kind: 'object' },
  requestConfig: { wire: 'request_config', kind: 'config' },
  stopReason: { wire: 'stop_reason', kind: 'enum value', enum: 'stop_reason' },
  callbackUrl: { wire: 'callback_url', kind: 'text' },
  callbackSentAt: { wire: 'callback_sent_at', kind: 'instant' },
  callbackStatusCode: { wire: 'callback_status_code', kind: 'int' },
  callbackError: { wire: 'callback_error', kind: 'text' },
  /** From the start of the run to the first token. */
  ttftNs: { wire: 'ttft_ns', kind: 'whole number' },
  /** From the start of the run to its end. */
  totalDurationNs: { wire: 'total_duration_ns', kind: 'whole number' },
} as const satisfies Readonly<Record<string, RunField>>;

/** The names of the fields of a run, none of which a field of its `request_config` may have. */
type TakenNames = { readonly [Name in keyof typeof RUN_FIELDS]?: never };

/** The fields of a run's `request_config`. */
export const REQUEST_CONFIG_FIELDS = {
  useAssistantMessage: { wire: 'use_assistant_message', kind: 'boolean' },
  assistantMessageToolName: { wire: 'assistant_message_tool_name', kind: 'text' },
  assistantMessageToolKwarg: { wire: 'assistant_message_tool_kwarg', kind: 'text' },
  includeReturnMessageTypes: {
    wire: 'include_return_message_types',
    kind: 'enum list',
    enum: 'message_type',
  },
} as const satisfies Readonly<Record<string, RunField>> & TakenNames;

/** The name of a field in either table; the names are distinct. */
export type RunFieldName = keyof typeof RUN_FIELDS | keyof typeof REQUEST_CONFIG_FIELDS;

export type NamedField = RunField & { readonly name: RunFieldName };

function named(fields: Readonly<Record<string, RunField>>): readonly NamedField[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The names of the two tables.
  return Object.entries(fields).map(([name, field]) => ({ ...field, name: name as RunFieldName }));
}

export const RUN_FIELD_LIST: readonly NamedField[] = named(RUN_FIELDS);
export const REQUEST_CONFIG_FIELD_LIST: readonly NamedField[] = named(REQUEST_CONFIG_FIELDS);
