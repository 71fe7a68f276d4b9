import { type MessageOf, textOf } from '../../runs/messages.ts';
import { builder } from '../builder.ts';
import { HiddenReasoningStateEnum, ReasoningSourceEnum, recognize } from '../enums.ts';
import { MessagePartRef } from './run-message-parts.ts';
import { refOfKind, RunMessageRef } from './run-message.ts';

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

refOfKind('system_message').implement({
  description: 'A system prompt.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

refOfKind('user_message').implement({
  description:
    'A message to the agent. The runs API also sends summaries of older messages as such; their text is JSON.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

refOfKind('assistant_message').implement({
  description: 'A message from the agent.',
  interfaces: [RunMessageRef, ContentMessageRef],
});

refOfKind('reasoning_message').implement({
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

refOfKind('hidden_reasoning_message').implement({
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
