import type { RunMessage } from '../../runs/messages.ts';
import { builder } from './builder.ts';
import { MessageTypeEnum } from './enums.ts';
import { messageTypeOf } from './message-types.ts';

export const RunMessageRef = builder.interfaceRef<RunMessage>('RunMessage').implement({
  description:
    'A message of a run. The runs API makes several of one stored message: of a thought, a text and a tool call, for example.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'An id of this message alone: the id of the stored message, a colon, and the number of its part. Also accepted as a cursor.',
    }),
    messageId: t.exposeID('messageId', {
      nullable: true,
      description:
        'The id of the stored message; the same as in REST, where all messages that are made of it have it (REST: `id`).',
    }),
    date: t.expose('date', {
      type: 'DateTime',
      nullable: true,
      description: 'When the message was stored, to the second. The list has the exact order.',
    }),
    messageType: t.field({
      type: MessageTypeEnum,
      description: 'The kind of the message, from which its type follows (REST: `message_type`).',
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
      description: 'Whether the message came of an error (REST: `is_err`).',
      resolve: ({ isError }) => isError === true,
    }),
  }),
});
