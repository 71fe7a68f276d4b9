import type { InterfaceFieldBuilder } from '@pothos/core';
import { distinct } from '../../runs/argument-types.ts';
import { MESSAGE_FIELDS, MESSAGE_KINDS } from '../../runs/message-kinds.ts';
import {
  type MessageKindOf,
  type MessageOf,
  type RunMessage,
  textOf,
  type UnrecognizedMessage,
} from '../../runs/messages.ts';
import { type Recognized, UNRECOGNIZED } from '../../runs/run-enums.ts';
import { builder, type Types } from '../builder.ts';
import { recognize } from '../enums.ts';
import { fieldsOf } from '../table-fields.ts';
import { CONTENT_TYPES } from './message-contents.ts';

export const RunMessageRef = builder.interfaceRef<RunMessage>('RunMessage').implement({
  description:
    'A message of a run. The runs API makes several messages of one that is stored: one each of its reasoning, its text and its tool calls, for example.',
  resolveType: ({ type }) => type,
  fields: (t) => messageFields(t),
});

/** Repeats the fields of RunMessage: genqlient, among others, refuses an interface that implements another one. */
const ContentMessageRef = builder
  .interfaceRef<MessageOf<'system_message' | 'user_message' | 'assistant_message'>>('RunContentMessage')
  .implement({
    description:
      'A message with content, which is a text or consists of parts. Each of its types is a RunMessage, too.',
    fields: (t) => ({
      ...messageFields(t),
      text: t.string({
        nullable: true,
        description:
          'The content as a text: all parts that are texts, each on a new line. Null if there are none.',
        resolve: ({ parts }) => textOf(parts),
      }),
      ...fieldsOf(t, MESSAGE_KINDS.user_message.fields, { types: CONTENT_TYPES }),
    }),
  });

function messageFields(t: InterfaceFieldBuilder<Types, RunMessage>) {
  return {
    id: t.exposeID('id', {
      description:
        'The unique id of this message: the id of the stored message, a colon, and the number of the part. Also accepted as a cursor.',
    }),
    ...fieldsOf(t, MESSAGE_FIELDS),
  };
}

/** A message of any kind of the table: with content, or with the fields of its kind. */
type AnyMessage = MessageOf<'user_message'> & Readonly<Record<string, unknown>>;

for (const { type, description, fields } of Object.values<MessageKindOf>(MESSAGE_KINDS)) {
  const hasContent = 'parts' in fields;
  builder.objectRef<AnyMessage>(type).implement({
    description,
    interfaces: hasContent ? [RunMessageRef, ContentMessageRef] : [RunMessageRef],
    fields: (t) => (hasContent ? {} : fieldsOf(t, fields, { types: CONTENT_TYPES })),
  });
}

builder.objectRef<UnrecognizedMessage>('RunUnrecognizedMessage').implement({
  description: 'A message of a kind that is newer than this gateway, or of an unexpected form.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'The message as in REST.' }),
  }),
});

/** Returns the filter of the argument `types`; undefined for none. @throws ArgumentError for an empty list */
export function isOfTypes(
  types: readonly Recognized<'message_type'>[] | null | undefined,
): ((message: RunMessage) => boolean) | undefined {
  if (types === null || types === undefined) return undefined;
  const allowed = new Set(distinct('types', types));
  return ({ messageType }) =>
    allowed.has(messageType === null ? UNRECOGNIZED : recognize('message_type', messageType));
}
