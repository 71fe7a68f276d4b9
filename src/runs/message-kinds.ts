import type { DetailField } from './detail-fields.ts';
import type { RunEnumValue } from './run-enums.ts';

/** What only messages have: lists of things that have fields of their own. */
export type NestedKind = 'parts' | 'tool calls' | 'tool returns' | 'approvals' | 'approved returns';

/**
 * A field of a message. The wire keys of `deprecated` tell one of the things that the field lists, as
 * older releases do; what they tell is added to the list unless it is there already.
 */
export type MessageField =
  | (DetailField & { readonly deprecated?: never })
  | {
      readonly wire: string;
      readonly kind: NestedKind;
      readonly enum?: never;
      readonly deprecated?: readonly string[];
    };

type MessageFields = Readonly<Record<string, MessageField>>;

/** The fields of every message. */
export const MESSAGE_FIELDS = {
  /** The id of the stored message, which several messages of a list may share. */
  messageId: { wire: 'id', kind: 'text' },
  date: { wire: 'date', kind: 'instant' },
  messageType: { wire: 'message_type', kind: 'enum value', enum: 'message_type' },
  name: { wire: 'name', kind: 'text' },
  otid: { wire: 'otid', kind: 'text' },
  senderId: { wire: 'sender_id', kind: 'text' },
  stepId: { wire: 'step_id', kind: 'text' },
  isError: { wire: 'is_err', kind: 'boolean' },
  runId: { wire: 'run_id', kind: 'text' },
} as const satisfies MessageFields;

/** Keys that messages have as well, and that say nothing in lists: this one is always null there. */
export const UNREAD_MESSAGE_KEYS: readonly string[] = ['seq_id'];

/** The fields of a tool call. */
export const TOOL_CALL_FIELDS = {
  id: { wire: 'tool_call_id', kind: 'text' },
  name: { wire: 'name', kind: 'text' },
  arguments: { wire: 'arguments', kind: 'text' },
} as const satisfies MessageFields;

/** The fields of what a tool returned. */
export const TOOL_RETURN_FIELDS = {
  toolCallId: { wire: 'tool_call_id', kind: 'text' },
  status: { wire: 'status', kind: 'enum value', enum: 'tool_return_status' },
  parts: { wire: 'tool_return', kind: 'parts' },
  stdout: { wire: 'stdout', kind: 'text list' },
  stderr: { wire: 'stderr', kind: 'text list' },
} as const satisfies MessageFields;

/** The fields of the answer to one call in an approval request. */
export const APPROVAL_FIELDS = {
  toolCallId: { wire: 'tool_call_id', kind: 'text' },
  approve: { wire: 'approve', kind: 'boolean' },
  reason: { wire: 'reason', kind: 'text' },
} as const satisfies MessageFields;

/** The fields of an image's source, whose type is `letta`, `url` or `base64`. */
export const IMAGE_SOURCE_FIELDS = {
  sourceType: { wire: 'type', kind: 'text' },
  fileId: { wire: 'file_id', kind: 'text' },
  url: { wire: 'url', kind: 'text' },
  mediaType: { wire: 'media_type', kind: 'text' },
  data: { wire: 'data', kind: 'text' },
  detail: { wire: 'detail', kind: 'text' },
} as const satisfies MessageFields;

const CONTENT = { parts: { wire: 'content', kind: 'parts' } } as const;
const TOOL_CALLS = {
  toolCalls: { wire: 'tool_calls', kind: 'tool calls', deprecated: ['tool_call'] },
} as const;
const APPROVALS = { wire: 'approvals', deprecated: ['approve', 'approval_request_id', 'reason'] } as const;

/** A kind of message: its type in GraphQL, and the fields that it has besides {@link MESSAGE_FIELDS}. */
interface MessageKindOf {
  readonly type: `Run${string}Message`;
  readonly fields: MessageFields;
}

/**
 * The kinds of messages in Letta 0.16.7, by their names on the wire. The decoder, the types here, the
 * types of GraphQL that stand for them, and drift detection are derived from this table.
 */
export const MESSAGE_KINDS = {
  system_message: { type: 'RunSystemMessage', fields: CONTENT },
  user_message: { type: 'RunUserMessage', fields: CONTENT },
  assistant_message: { type: 'RunAssistantMessage', fields: CONTENT },
  reasoning_message: {
    type: 'RunReasoningMessage',
    fields: {
      reasoning: { wire: 'reasoning', kind: 'text' },
      source: { wire: 'source', kind: 'enum value', enum: 'reasoning_source' },
      signature: { wire: 'signature', kind: 'text' },
    },
  },
  hidden_reasoning_message: {
    type: 'RunHiddenReasoningMessage',
    fields: {
      state: { wire: 'state', kind: 'enum value', enum: 'hidden_reasoning_state' },
      hiddenReasoning: { wire: 'hidden_reasoning', kind: 'text' },
    },
  },
  tool_call_message: { type: 'RunToolCallMessage', fields: TOOL_CALLS },
  tool_return_message: {
    type: 'RunToolReturnMessage',
    fields: {
      toolReturns: {
        wire: 'tool_returns',
        kind: 'tool returns',
        deprecated: Object.values(TOOL_RETURN_FIELDS).map(({ wire }) => wire),
      },
    },
  },
  approval_request_message: { type: 'RunApprovalRequestMessage', fields: TOOL_CALLS },
  approval_response_message: {
    type: 'RunApprovalResponseMessage',
    fields: {
      approvals: { ...APPROVALS, kind: 'approvals' },
      toolReturns: { ...APPROVALS, kind: 'approved returns' },
    },
  },
  summary_message: {
    type: 'RunSummaryMessage',
    fields: {
      summary: { wire: 'summary', kind: 'text' },
      compactionStats: { wire: 'compaction_stats', kind: 'object' },
    },
  },
  event_message: {
    type: 'RunEventMessage',
    fields: {
      eventType: { wire: 'event_type', kind: 'text' },
      eventData: { wire: 'event_data', kind: 'object' },
    },
  },
} as const satisfies Readonly<Record<RunEnumValue<'message_type'>, MessageKindOf>>;

export type MessageKind = keyof typeof MESSAGE_KINDS;

export function isMessageKind(text: unknown): text is MessageKind {
  return typeof text === 'string' && Object.hasOwn(MESSAGE_KINDS, text);
}
