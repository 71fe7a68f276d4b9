import type { DetailField, Field, FieldValues, ValuesOf } from './field.ts';
import { memoize } from './memoize.ts';
import {
  type APPROVAL_FIELDS,
  type IMAGE_SOURCE_FIELDS,
  KINDS_WITH_CALLS,
  type MESSAGE_FIELDS,
  MESSAGE_KINDS,
  type MessageKind,
  type TOOL_CALL_FIELDS,
  type TOOL_RETURN_FIELDS,
} from './message-kinds.ts';
import type { Run } from './run.ts';

/** The kinds of fields that only messages have: lists of objects with fields. */
type NestedKind = 'parts' | 'tool calls' | 'tool returns' | 'approvals' | 'approved returns';

export type MessageField = DetailField | Field<NestedKind>;

type MessageFields = Readonly<Record<string, MessageField>>;

/** A kind of message: its type in GraphQL, and the fields that it has besides {@link MESSAGE_FIELDS}. */
export interface MessageKindOf {
  readonly type: `Run${string}Message`;
  readonly description: string;
  readonly fields: MessageFields;
}

interface MessageValues extends FieldValues {
  readonly parts: readonly MessagePart[];
  readonly 'tool calls': readonly ToolCall[];
  readonly 'tool returns': readonly ToolReturn[];
  readonly approvals: readonly Approval[];
  readonly 'approved returns': readonly ToolReturn[];
}

export interface TextPart {
  readonly type: 'RunTextPart';
  readonly text: string;
  readonly signature: string | null;
}

/** An image that is stored with the API, given by its URL, or included. */
export interface ImagePart extends ValuesOf<typeof IMAGE_SOURCE_FIELDS, MessageValues> {
  readonly type: 'RunImagePart';
}

/** A part of another kind, or of an unexpected form. */
export interface UnrecognizedPart {
  readonly type: 'RunUnrecognizedPart';
  /** The JSON as it was sent. */
  readonly raw: unknown;
}

export type MessagePart = TextPart | ImagePart | UnrecognizedPart;

/** A tool call. Its arguments are JSON as a text, which models write, so it may be invalid. */
export interface ToolCall extends ValuesOf<typeof TOOL_CALL_FIELDS, MessageValues> {}
export interface ToolReturn extends ValuesOf<typeof TOOL_RETURN_FIELDS, MessageValues> {}
export interface Approval extends ValuesOf<typeof APPROVAL_FIELDS, MessageValues> {}

interface AnyMessage extends ValuesOf<typeof MESSAGE_FIELDS, MessageValues> {
  /** Unique, and always the same for the same message of a run. */
  readonly id: string;
}

/** A message of one kind. */
export type MessageOf<Kind extends MessageKind> = AnyMessage &
  ValuesOf<(typeof MESSAGE_KINDS)[Kind]['fields'], MessageValues> & {
    readonly type: (typeof MESSAGE_KINDS)[Kind]['type'];
  };

/** A message of a kind that is newer than the gateway, or of an unexpected form. */
export interface UnrecognizedMessage extends AnyMessage {
  readonly type: 'RunUnrecognizedMessage';
  /** The JSON as it was sent. */
  readonly raw: unknown;
}

export type RunMessage = { [Kind in MessageKind]: MessageOf<Kind> }[MessageKind] | UnrecognizedMessage;

/** Whether a message is what a model is given before any run: the prompt of the agent, with its memory. */
export function isPrompt({ type, runId }: RunMessage): boolean {
  return type === MESSAGE_KINDS.system_message.type && runId === null;
}

/** Returns messages by the ids of their steps. */
export const messagesByStep = memoize((messages: readonly RunMessage[]) =>
  Map.groupBy(messages, ({ stepId }) => stepId),
);

/** Whether all messages of some types are among those of a run: it may return only some types. */
export function showsTypes(
  { requestConfig }: Pick<Run, 'requestConfig'>,
  wanted: readonly string[],
): boolean {
  const types = requestConfig?.includeReturnMessageTypes ?? [];
  return types.length === 0 || wanted.every((type) => types.includes(type));
}

/** Whether all tool calls of a run are among its messages. */
export function showsCalls(run: Pick<Run, 'requestConfig'>): boolean {
  return showsTypes(run, KINDS_WITH_CALLS);
}

/** Returns the names of the tools that messages call, in order, each once; null if a name can't be read. */
export function toolNamesOf(messages: readonly RunMessage[]): readonly string[] | null {
  const names = new Set<string>();
  for (const message of messages) {
    if (!KINDS_WITH_CALLS.includes(message.messageType ?? '')) continue;
    if (!('toolCalls' in message)) return null;
    for (const { name } of message.toolCalls) {
      if (name === null) return null;
      names.add(name);
    }
  }
  return [...names];
}

/** Returns the texts among the parts of a message, joined by line breaks; null if there are none. */
export function textOf(parts: readonly MessagePart[]): string | null {
  const [only, second] = parts;
  if (second === undefined) return only?.type === 'RunTextPart' ? only.text : null;
  return joinedTexts(parts);
}

const joinedTexts = memoize((parts: readonly MessagePart[]): string | null => {
  const texts = parts.flatMap((part) => (part.type === 'RunTextPart' ? [part.text] : []));
  return texts.length === 0 ? null : texts.join('\n');
});
