import { field, type FieldRows, fieldTable } from './field-table.ts';

/** The fields of every message. */
export const MESSAGE_FIELDS = fieldTable({
  messageId: field('text', 'The id of the stored message, which all messages made of it share.', {
    wire: 'id',
    type: 'ID',
  }),
  date: field('instant', 'When the message was stored, to the second. The list has the exact order.'),
  messageType: field('enum value', 'The kind of message, which determines its type.', {
    enum: 'message_type',
    isRequired: true,
  }),
  name: field('text', 'The name of the sender; of what a tool returned, the name of the tool.'),
  otid: field('text', 'The offline threading id by which clients recognize what they sent.', {
    type: 'ID',
  }),
  senderId: field('text', 'The id of the sender: an identity or an agent.', { type: 'ID' }),
  runId: field('text', 'The id of the run that the message belongs to.', { type: 'ID' }),
  stepId: field('text', 'The id of the step that wrote the message; null if none did.', { type: 'ID' }),
  isError: field('boolean', 'Whether it tells of an error; false if that is unknown.', {
    wire: 'is_err',
    isRequired: true,
  }),
});

export const TOOL_CALL_FIELDS = fieldTable({
  id: field(
    'text',
    'The id to which the result refers, as the model provider made it. It may repeat: not a key for caches.',
    { wire: 'tool_call_id', type: 'ID' },
  ),
  name: field('text', 'The name of the tool, as the model wrote it.'),
  arguments: field('text', 'The arguments: JSON as the model wrote it, unchanged, so it may be invalid.'),
});

/** The fields of the result of a tool call. */
export const TOOL_RETURN_FIELDS = fieldTable({
  toolCallId: field('text', 'The `id` of the tool call that this is about.', { type: 'ID' }),
  status: field('enum value', 'Whether the tool succeeded; null if it is unknown.', {
    enum: 'tool_return_status',
  }),
  parts: field('parts', 'The result, part by part; a text is one part.', { wire: 'tool_return' }),
  stdout: field('text list', 'What the tool wrote to its standard output.'),
  stderr: field('text list', 'What the tool wrote to its standard error output.'),
});

/** The fields of the answer to one call in an approval request. */
export const APPROVAL_FIELDS = fieldTable({
  toolCallId: field('text', 'The id of the call.', { type: 'ID' }),
  approve: field('boolean', 'Whether the call was approved; null if it is unknown.'),
  reason: field('text', 'The reason that was given, if any.'),
});

/** The fields of an image's source. */
export const IMAGE_SOURCE_FIELDS = fieldTable({
  sourceType: field('text', 'Where the image is: `letta` for a file of the runs API, `url` or `base64`.', {
    wire: 'type',
  }),
  fileId: field('text', 'The id of the file, if the runs API stores the image.', { type: 'ID' }),
  url: field('text', 'The URL of the image, if it is given by its URL.'),
  mediaType: field('text', 'The media type of the image, such as `image/png`.'),
  data: field('text', 'The image in base64. It may be large.'),
  detail: field('text', 'How closely the model was to look at the image: `low`, `high` or `auto`.'),
});

/** Returns a kind of message: its type in GraphQL, and the fields that it has besides {@link MESSAGE_FIELDS}. */
function kind<const Type extends `Run${string}Message`, const Rows extends FieldRows>(
  type: Type,
  description: string,
  rows: Rows,
) {
  return { type, description, fields: fieldTable(rows) };
}

const CONTENT = {
  parts: field('parts', 'The content, part by part; a text is one part.', { wire: 'content' }),
};

/**
 * The kinds of messages in Letta 0.16.7, by their names on the wire. The decoder, the types here and in
 * GraphQL, the enum of types of messages and drift detection are derived from this table.
 */
export const MESSAGE_KINDS = {
  system_message: kind('RunSystemMessage', 'A system prompt.', CONTENT),
  user_message: kind(
    'RunUserMessage',
    'A message to the agent. The runs API also sends summaries of older messages as such; their text is JSON.',
    CONTENT,
  ),
  assistant_message: kind('RunAssistantMessage', 'A message from the agent.', CONTENT),
  reasoning_message: kind(
    'RunReasoningMessage',
    'Reasoning of the agent, and answers of older types of agents.',
    {
      reasoning: field('text', 'The reasoning, as a text.'),
      source: field('enum value', 'The kind of model that the reasoning came from.', {
        enum: 'reasoning_source',
      }),
      signature: field('text', "The model provider's signature of the reasoning; opaque."),
    },
  ),
  hidden_reasoning_message: kind('RunHiddenReasoningMessage', 'Reasoning that the model provider hides.', {
    state: field('enum value', 'Encrypted, or left out.', { enum: 'hidden_reasoning_state' }),
    hiddenReasoning: field('text', 'The encrypted reasoning, if the provider sent it.'),
  }),
  tool_call_message: kind('RunToolCallMessage', 'Tool calls of the agent.', {
    toolCalls: field('tool calls', 'The calls (REST: `tool_calls`, or `tool_call`).'),
  }),
  tool_return_message: kind('RunToolReturnMessage', 'The results of tool calls.', {
    toolReturns: field(
      'tool returns',
      'The result of each call (REST: `tool_returns`, or `tool_return` with its neighbours).',
    ),
  }),
  approval_request_message: kind('RunApprovalRequestMessage', 'A request to approve tool calls.', {
    toolCalls: field('tool calls', 'The calls that wait for approval (REST: `tool_calls`, or `tool_call`).'),
  }),
  approval_response_message: kind('RunApprovalResponseMessage', 'The response to an approval request.', {
    approvals: field(
      'approvals',
      'The decision on each call (REST: `approvals` of type `approval`, or `approve`).',
    ),
    toolReturns: field(
      'approved returns',
      'The results of calls that the client ran (REST: `approvals` of type `tool`).',
      { wire: 'approvals' },
    ),
  }),
  summary_message: kind('RunSummaryMessage', 'A summary that replaces older messages.', {
    summary: field('text', 'The text that stands for the older messages.'),
    compactionStats: field('object', 'Figures about what was summarized.'),
  }),
  event_message: kind('RunEventMessage', 'An event in the conversation that models do not see.', {
    eventType: field('text', 'The type of the event, such as `compaction`, the only one so far.'),
    eventData: field('object', 'Details of the event, which depend on `eventType`.'),
  }),
} as const;

export type MessageKind = keyof typeof MESSAGE_KINDS;

/** The kinds of messages that have tool calls. A call that needs approval is in the request for it alone. */
export const KINDS_WITH_CALLS = Object.entries(MESSAGE_KINDS)
  .filter(([, { fields }]) => 'toolCalls' in fields)
  .map(([name]) => name);
