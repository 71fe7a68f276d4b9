import { MESSAGE_KINDS, type MessageKind } from '../../runs/message-kinds.ts';
import type { MessageOf, RunMessage } from '../../runs/messages.ts';
import { builder } from '../builder.ts';
import { MessageTypeEnum } from '../enums.ts';
import { messageTypeOf } from './message-types.ts';

export const RunMessageRef = builder.interfaceRef<RunMessage>('RunMessage').implement({
  description:
    'A message of a run. The runs API makes several messages of one that is stored: one each of its reasoning, its text and its tool calls, for example.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'The unique id of this message: the id of the stored message, a colon, and the number of the part. Also accepted as a cursor.',
    }),
    messageId: t.exposeID('messageId', {
      nullable: true,
      description: 'The id of the stored message, which all messages that are made of it share (REST: `id`).',
    }),
    date: t.expose('date', {
      type: 'DateTime',
      nullable: true,
      description: 'When the message was stored, to the second. The list has the exact order.',
    }),
    messageType: t.field({
      type: MessageTypeEnum,
      description: 'The kind of message, which determines its type (REST: `message_type`).',
      resolve: (message) => messageTypeOf(message),
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name of the sender; of what a tool returned, the name of the tool.',
    }),
    otid: t.exposeID('otid', {
      nullable: true,
      description: 'The offline threading id by which clients recognize messages that they sent.',
    }),
    senderId: t.exposeID('senderId', {
      nullable: true,
      description: 'The id of the sender: an identity or an agent (REST: `sender_id`).',
    }),
    runId: t.exposeID('runId', {
      nullable: true,
      description: 'The id of the run that the message belongs to (REST: `run_id`).',
    }),
    stepId: t.exposeID('stepId', {
      nullable: true,
      description: 'The id of the step that wrote the message; null if none did (REST: `step_id`).',
    }),
    isError: t.boolean({
      description:
        'Whether the message is the result of an error; false if that is unknown (REST: `is_err`).',
      resolve: ({ isError }) => isError === true,
    }),
  }),
});

/** Returns the object type of a kind of message, as named in the table of the kinds. */
export function refOfKind<Kind extends MessageKind>(kind: Kind) {
  return builder.objectRef<MessageOf<Kind>>(MESSAGE_KINDS[kind].type);
}
