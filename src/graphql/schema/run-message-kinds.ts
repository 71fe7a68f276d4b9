import { MESSAGE_KINDS, type MessageKind } from '../../runs/message-kinds.ts';
import { type MessageOf, textOf, type UnrecognizedMessage } from '../../runs/messages.ts';
import { builder } from './builder.ts';
import { HiddenReasoningStateEnum, ReasoningSourceEnum, recognize } from './enums.ts';
import { ApprovalRef, MessagePartRef, ToolCallRef, ToolReturnRef } from './run-message-parts.ts';
import { RunMessageRef } from './run-message.ts';

/** The type of a kind of message, as named in the table of the kinds. */
function typeOf<Kind extends MessageKind>(kind: Kind) {
  return builder.objectRef<MessageOf<Kind>>(MESSAGE_KINDS[kind].type);
}

const ContentMessageRef = builder
  .interfaceRef<MessageOf<'system_message' | 'user_message' | 'assistant_message'>>('RunContentMessage')
  .implement({
    description: 'A message with content, which is a text or consists of parts.',
    interfaces: [RunMessageRef],
    fields: (t) => ({
      text: t.string({
        nullable: true,
        description:
          'The content as a text: all parts that are texts, each on a new line. Null if there are none.',
        resolve: ({ parts }) => textOf(parts),
      }),
      parts: t.field({
        type: [MessagePartRef],
        description: 'The content, part by part; a text is one part (REST: `content`).',
        resolve: ({ parts }) => parts,
      }),
    }),
  });

typeOf('system_message').implement({
  description: 'A system prompt.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

typeOf('user_message').implement({
  description:
    'A message to the agent. The runs API also sends summaries of older messages as such; their text is JSON.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

typeOf('assistant_message').implement({
  description: 'A message from the agent.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

typeOf('reasoning_message').implement({
  description: 'Reasoning of the agent. Older types of agents also send their answers as such.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    reasoning: t.exposeString('reasoning', { nullable: true, description: 'The reasoning, as a text.' }),
    source: t.field({
      type: ReasoningSourceEnum,
      nullable: true,
      description: 'The kind of model that the reasoning came from.',
      resolve: ({ source }) => (source === null ? null : recognize('reasoning_source', source)),
    }),
    signature: t.exposeString('signature', {
      nullable: true,
      description: "The model provider's signature of the reasoning; opaque.",
    }),
  }),
});

typeOf('hidden_reasoning_message').implement({
  description: 'Reasoning of the agent that the model provider hides.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    state: t.field({
      type: HiddenReasoningStateEnum,
      nullable: true,
      description: 'How it is hidden.',
      resolve: ({ state }) => (state === null ? null : recognize('hidden_reasoning_state', state)),
    }),
    hiddenReasoning: t.exposeString('hiddenReasoning', {
      nullable: true,
      description: 'The encrypted reasoning, if the provider sent it (REST: `hidden_reasoning`).',
    }),
  }),
});

typeOf('tool_call_message').implement({
  description: 'Tool calls of the agent.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolCalls: t.expose('toolCalls', {
      type: [ToolCallRef],
      description: 'The calls (REST: `tool_calls`, and the deprecated `tool_call`).',
    }),
  }),
});

typeOf('tool_return_message').implement({
  description: 'The results of tool calls.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolReturns: t.expose('toolReturns', {
      type: [ToolReturnRef],
      description:
        'The result of each call (REST: `tool_returns`, and the deprecated `tool_return` with its neighbours).',
    }),
  }),
});

typeOf('approval_request_message').implement({
  description: 'A request of the agent to approve tool calls.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolCalls: t.expose('toolCalls', {
      type: [ToolCallRef],
      description: 'The calls that wait for approval (REST: `tool_calls`, and the deprecated `tool_call`).',
    }),
  }),
});

typeOf('approval_response_message').implement({
  description: 'The response to an approval request.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    approvals: t.expose('approvals', {
      type: [ApprovalRef],
      description:
        'The decision on each call (REST: `approvals` of type `approval`, and the deprecated `approve` with its neighbours).',
    }),
    toolReturns: t.expose('toolReturns', {
      type: [ToolReturnRef],
      description: 'The results of calls that the client ran itself (REST: `approvals` of type `tool`).',
    }),
  }),
});

typeOf('summary_message').implement({
  description: 'A summary that replaces older messages.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    summary: t.exposeString('summary', { nullable: true, description: 'The summary.' }),
    compactionStats: t.expose('compactionStats', {
      type: 'JSON',
      nullable: true,
      description: 'Figures about what was summarized (REST: `compaction_stats`).',
    }),
  }),
});

typeOf('event_message').implement({
  description: 'An event in the conversation that models do not see.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    eventType: t.exposeString('eventType', {
      nullable: true,
      description:
        'The type of the event, such as `compaction`, the only one so far (REST: `event_type`).',
    }),
    eventData: t.expose('eventData', {
      type: 'JSON',
      nullable: true,
      description: 'Details of the event (REST: `event_data`).',
    }),
  }),
});

builder.objectRef<UnrecognizedMessage>('RunUnrecognizedMessage').implement({
  description: 'A message of a kind that is newer than this gateway, or of an unexpected form.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'The message as in REST.' }),
  }),
});
