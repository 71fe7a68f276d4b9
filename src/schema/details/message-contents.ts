import {
  APPROVAL_FIELDS,
  IMAGE_SOURCE_FIELDS,
  TOOL_CALL_FIELDS,
  TOOL_RETURN_FIELDS,
} from '../../runs/message-kinds.ts';
import {
  type Approval,
  type ImagePart,
  type MessagePart,
  textOf,
  type TextPart,
  type ToolCall,
  type ToolReturn,
  type UnrecognizedPart,
} from '../../runs/messages.ts';
import { builder } from '../builder.ts';
import { fieldsOf, type KindTypes } from '../table-fields.ts';

const TextPartRef = builder.objectRef<TextPart>('RunTextPart').implement({
  description: 'A part of a message that is a text.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text, unchanged.' }),
    signature: t.exposeString('signature', {
      nullable: true,
      description: "The model provider's signature of the reasoning behind the text; opaque.",
    }),
  }),
});

const ImagePartRef = builder.objectRef<ImagePart>('RunImagePart').implement({
  description: 'A part of a message that is an image: a file of the runs API, a URL, or data.',
  fields: (t) => fieldsOf(t, IMAGE_SOURCE_FIELDS),
});

const UnrecognizedPartRef = builder.objectRef<UnrecognizedPart>('RunUnrecognizedPart').implement({
  description: 'A part of a message that is newer than this gateway, or of an unexpected form.',
  fields: (t) => ({
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'The part as stored.' }),
  }),
});

const MessagePartRef = builder.unionType('RunMessagePart', {
  description: 'A part of the content of a message, or of the result of a tool.',
  types: [TextPartRef, ImagePartRef, UnrecognizedPartRef],
  resolveType: ({ type }: MessagePart) => type,
});

const PARTS: KindTypes = { parts: [MessagePartRef] };

const ToolCallRef = builder.objectRef<ToolCall>('RunToolCall').implement({
  description: 'A call of a tool, as the model wrote it.',
  fields: (t) => fieldsOf(t, TOOL_CALL_FIELDS),
});

const ToolReturnRef = builder.objectRef<ToolReturn>('RunToolReturn').implement({
  description: 'The result of a tool call.',
  fields: (t) => {
    const { toolCallId, status, ...others } = fieldsOf(t, TOOL_RETURN_FIELDS, { types: PARTS });
    const content = t.string({
      nullable: true,
      description:
        'The result as a text: all parts that are texts, each on a new line. Null if there are none (REST: `tool_return`).',
      resolve: ({ parts }) => textOf(parts),
    });
    return { toolCallId, status, content, ...others };
  },
});

export const ApprovalRef = builder.objectRef<Approval>('RunApproval').implement({
  description: 'The decision on a tool call that required approval.',
  fields: (t) => fieldsOf(t, APPROVAL_FIELDS),
});

/** The types of what messages list, by the kinds of their fields. */
export const CONTENT_TYPES: KindTypes = {
  ...PARTS,
  'tool calls': [ToolCallRef],
  'tool returns': [ToolReturnRef],
  approvals: [ApprovalRef],
  'approved returns': [ToolReturnRef],
};
