import { field, type Field, type DetailField } from './field.ts';
import type { RunEnumValue } from './run-enums.ts';

/** What only messages have: lists of things that have fields of their own. */
type NestedKind = 'parts' | 'tool calls' | 'tool returns' | 'approvals' | 'approved returns';

export type MessageField = DetailField | Field<NestedKind>;

type MessageFields = Readonly<Record<string, MessageField>>;

/** The fields of every message. */
export const MESSAGE_FIELDS = {
  messageId: field(
    'id',
    'text',
    'The id of the stored message, which all messages that are made of it share.',
    { type: 'ID' },
  ),
  date: field('date', 'instant', 'When the message was stored, to the second. The list has the exact order.'),
  messageType: field('message_type', 'enum value', 'The kind of message, which determines its type.', {
    enum: 'message_type',
    isRequired: true,
  }),
  name: field('name', 'text', 'The name of the sender; of what a tool returned, the name of the tool.'),
  otid: field(
    'otid',
    'text',
    'The offline threading id by which clients recognize messages that they sent.',
    { type: 'ID' },
  ),
  senderId: field('sender_id', 'text', 'The id of the sender: an identity or an agent.', { type: 'ID' }),
  runId: field('run_id', 'text', 'The id of the run that the message belongs to.', { type: 'ID' }),
  stepId: field('step_id', 'text', 'The id of the step that wrote the message; null if none did.', {
    type: 'ID',
  }),
  isError: field(
    'is_err',
    'boolean',
    'Whether the message is the result of an error; false if that is unknown.',
  ),
} as const satisfies MessageFields;

const TOOL_CALL_ID = field('tool_call_id', 'text', 'The id of the call.', { type: 'ID' });

/** The fields of a tool call. */
export const TOOL_CALL_FIELDS = {
  id: field(
    'tool_call_id',
    'text',
    'The id of the call, to which its result refers. It is as the model provider made it, and may repeat: not a key for caches.',
    { type: 'ID' },
  ),
  name: field('name', 'text', 'The name of the tool.'),
  arguments: field(
    'arguments',
    'text',
    'The arguments: JSON as the model wrote it, unchanged, so it may be invalid.',
  ),
} as const satisfies MessageFields;

/** The fields of what a tool returned. */
export const TOOL_RETURN_FIELDS = {
  toolCallId: TOOL_CALL_ID,
  status: field('status', 'enum value', 'Whether the tool succeeded; null if it is unknown.', {
    enum: 'tool_return_status',
  }),
  parts: field('tool_return', 'parts', 'The result, part by part; a text is one part.'),
  stdout: field('stdout', 'text list', 'What the tool wrote to its standard output.'),
  stderr: field('stderr', 'text list', 'What the tool wrote to its standard error output.'),
} as const satisfies MessageFields;

/** The fields of the answer to one call in an approval request. */
export const APPROVAL_FIELDS = {
  toolCallId: TOOL_CALL_ID,
  approve: field('approve', 'boolean', 'Whether the call was approved; null if it is unknown.'),
  reason: field('reason', 'text', 'The reason that was given, if any.'),
} as const satisfies MessageFields;

/** The fields of an image's source. */
export const IMAGE_SOURCE_FIELDS = {
  sourceType: field(
    'type',
    'text',
    'Where the image is: `letta` for a file of the runs API, `url` or `base64`.',
  ),
  fileId: field('file_id', 'text', 'The id of the file.', { type: 'ID' }),
  url: field('url', 'text', 'The URL of the image.'),
  mediaType: field('media_type', 'text', 'The media type of the image, such as `image/png`.'),
  data: field('data', 'text', 'The image in base64. It may be large.'),
  detail: field('detail', 'text', 'How closely the model was to look at the image: `low`, `high` or `auto`.'),
} as const satisfies MessageFields;

const CONTENT = { parts: field('content', 'parts', 'The content, part by part; a text is one part.') };

/** A kind of message: its type in GraphQL, and the fields that it has besides {@link MESSAGE_FIELDS}. */
export interface MessageKindOf {
  readonly type: `Run${string}Message`;
  readonly description: string;
  readonly fields: MessageFields;
}

/**
 * The kinds of messages in Letta 0.16.7, by their names on the wire. The decoder, the types here and in
 * GraphQL, and drift detection are derived from this table.
 */
export const MESSAGE_KINDS = {
  system_message: { type: 'RunSystemMessage', description: 'A system prompt.', fields: CONTENT },
  user_message: {
    type: 'RunUserMessage',
    description:
      'A message to the agent. The runs API also sends summaries of older messages as such; their text is JSON.',
    fields: CONTENT,
  },
  assistant_message: {
    type: 'RunAssistantMessage',
    description: 'A message from the agent.',
    fields: CONTENT,
  },
  reasoning_message: {
    type: 'RunReasoningMessage',
    description: 'Reasoning of the agent. Older types of agents also send their answers as such.',
    fields: {
      reasoning: field('reasoning', 'text', 'The reasoning, as a text.'),
      source: field('source', 'enum value', 'The kind of model that the reasoning came from.', {
        enum: 'reasoning_source',
      }),
      signature: field('signature', 'text', "The model provider's signature of the reasoning; opaque."),
    },
  },
  hidden_reasoning_message: {
    type: 'RunHiddenReasoningMessage',
    description: 'Reasoning of the agent that the model provider hides.',
    fields: {
      state: field('state', 'enum value', 'How it is hidden.', { enum: 'hidden_reasoning_state' }),
      hiddenReasoning: field('hidden_reasoning', 'text', 'The encrypted reasoning, if the provider sent it.'),
    },
  },
  tool_call_message: {
    type: 'RunToolCallMessage',
    description: 'Tool calls of the agent.',
    fields: {
      toolCalls: field(
        'tool_calls',
        'tool calls',
        'The calls (REST: `tool_calls`, and the deprecated `tool_call`).',
      ),
    },
  },
  tool_return_message: {
    type: 'RunToolReturnMessage',
    description: 'The results of tool calls.',
    fields: {
      toolReturns: field(
        'tool_returns',
        'tool returns',
        'The result of each call (REST: `tool_returns`, and the deprecated `tool_return` with its neighbours).',
      ),
    },
  },
  approval_request_message: {
    type: 'RunApprovalRequestMessage',
    description: 'A request of the agent to approve tool calls.',
    fields: {
      toolCalls: field(
        'tool_calls',
        'tool calls',
        'The calls that wait for approval (REST: `tool_calls`, and the deprecated `tool_call`).',
      ),
    },
  },
  approval_response_message: {
    type: 'RunApprovalResponseMessage',
    description: 'The response to an approval request.',
    fields: {
      approvals: field(
        'approvals',
        'approvals',
        'The decision on each call (REST: `approvals` of type `approval`, and the deprecated `approve` with its neighbours).',
      ),
      toolReturns: field(
        'approvals',
        'approved returns',
        'The results of calls that the client ran itself (REST: `approvals` of type `tool`).',
      ),
    },
  },
  summary_message: {
    type: 'RunSummaryMessage',
    description: 'A summary that replaces older messages.',
    fields: {
      summary: field('summary', 'text', 'The summary.'),
      compactionStats: field('compaction_stats', 'object', 'Figures about what was summarized.'),
    },
  },
  event_message: {
    type: 'RunEventMessage',
    description: 'An event in the conversation that models do not see.',
    fields: {
      eventType: field(
        'event_type',
        'text',
        'The type of the event, such as `compaction`, the only one so far.',
      ),
      eventData: field('event_data', 'object', 'Details of the event.'),
    },
  },
} as const satisfies Readonly<Record<RunEnumValue<'message_type'>, MessageKindOf>>;

export type MessageKind = keyof typeof MESSAGE_KINDS;

export function isMessageKind(text: unknown): text is MessageKind {
  return typeof text === 'string' && Object.hasOwn(MESSAGE_KINDS, text);
}
