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
import { recognize, ToolReturnStatusEnum } from '../enums.ts';

const TextPartRef = builder.objectRef<TextPart>('RunTextPart').implement({
  description: 'A part of a message that is a text.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text.' }),
    signature: t.exposeString('signature', {
      nullable: true,
      description: "The model provider's signature of the reasoning behind the text; opaque.",
    }),
  }),
});

const ImagePartRef = builder.objectRef<ImagePart>('RunImagePart').implement({
  description: 'A part of a message that is an image: a file of the runs API, a URL, or data.',
  fields: (t) => ({
    sourceType: t.exposeString('sourceType', {
      nullable: true,
      description:
        'Where the image is: `letta` for a file of the runs API, `url` or `base64` (REST: `type`).',
    }),
    fileId: t.exposeID('fileId', {
      nullable: true,
      description: 'The id of the file (REST: `file_id`).',
    }),
    url: t.exposeString('url', { nullable: true, description: 'The URL of the image.' }),
    mediaType: t.exposeString('mediaType', {
      nullable: true,
      description: 'The media type of the image, such as `image/png` (REST: `media_type`).',
    }),
    data: t.exposeString('data', {
      nullable: true,
      description: 'The image in base64. It may be large.',
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      description: 'How closely the model was to look at the image: `low`, `high` or `auto`.',
    }),
  }),
});

const UnrecognizedPartRef = builder.objectRef<UnrecognizedPart>('RunUnrecognizedPart').implement({
  description: 'A part of a message that is newer than this gateway, or of an unexpected form.',
  fields: (t) => ({
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'The part as stored.' }),
  }),
});

export const MessagePartRef = builder.unionType('RunMessagePart', {
  description: 'A part of the content of a message, or of the result of a tool.',
  types: [TextPartRef, ImagePartRef, UnrecognizedPartRef],
  resolveType: ({ type }: MessagePart) => type,
});

export const ToolCallRef = builder.objectRef<ToolCall>('RunToolCall').implement({
  description: 'A call of a tool, as the model wrote it.',
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: true,
      description:
        'The id of the call, to which its result refers. It is as the model provider made it, and may repeat: not a key for caches (REST: `tool_call_id`).',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the tool.' }),
    arguments: t.exposeString('arguments', {
      nullable: true,
      description: 'The arguments: JSON as the model wrote it, unchanged, so it may be invalid.',
    }),
  }),
});

export const ToolReturnRef = builder.objectRef<ToolReturn>('RunToolReturn').implement({
  description: 'The result of a tool call.',
  fields: (t) => ({
    toolCallId: t.exposeID('toolCallId', {
      nullable: true,
      description: 'The id of the call (REST: `tool_call_id`).',
    }),
    status: t.field({
      type: ToolReturnStatusEnum,
      nullable: true,
      description: 'Whether the tool succeeded; null if it is unknown.',
      resolve: ({ status }) => (status === null ? null : recognize('tool_return_status', status)),
    }),
    content: t.string({
      nullable: true,
      description:
        'The result as a text: all parts that are texts, each on a new line. Null if there are none (REST: `tool_return`).',
      resolve: ({ parts }) => textOf(parts),
    }),
    parts: t.field({
      type: [MessagePartRef],
      description: 'The result, part by part; a text is one part (REST: `tool_return`).',
      resolve: ({ parts }) => parts,
    }),
    stdout: t.exposeStringList('stdout', {
      nullable: true,
      description: 'What the tool wrote to its standard output.',
    }),
    stderr: t.exposeStringList('stderr', {
      nullable: true,
      description: 'What the tool wrote to its standard error output.',
    }),
  }),
});

export const ApprovalRef = builder.objectRef<Approval>('RunApproval').implement({
  description: 'The decision on a tool call that required approval.',
  fields: (t) => ({
    toolCallId: t.exposeID('toolCallId', {
      nullable: true,
      description: 'The id of the call (REST: `tool_call_id`).',
    }),
    approve: t.exposeBoolean('approve', {
      nullable: true,
      description: 'Whether the call was approved; null if it is unknown.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason that was given, if any.' }),
  }),
});
