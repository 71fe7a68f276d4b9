import {
  APPROVAL_FIELDS,
  IMAGE_SOURCE_FIELDS,
  type MessageField,
  type NestedKind,
  TOOL_CALL_FIELDS,
  TOOL_RETURN_FIELDS,
} from '../runs/message-kinds.ts';
import type { Approval, MessagePart, ToolCall, ToolReturn } from '../runs/messages.ts';
import { DecodeError } from './decode-error.ts';
import { isObject, type JsonObject, required } from './field-readers.ts';
import { DETAIL_READERS } from './json-fields.ts';

/** Reads fields of a message, or of something in it. @throws DecodeError */
export type ReadFields = (json: unknown) => Record<string, unknown>;

/** Creates a reader of some fields. Other keys are ignored, and missing ones are null or empty. */
export function readerOfFields(fields: Readonly<Record<string, MessageField>>): ReadFields {
  const readers = Object.entries(fields).map(
    ([name, { wire, kind }]) => ({ name, wire, read: readerOf(kind) }) as const,
  );
  return (json) => {
    if (!isObject(json)) throw new DecodeError(null, '', 'an object', json);
    const values: Record<string, unknown> = {};
    for (const { name, wire, read } of readers) values[name] = read(json, wire);
    return values;
  };
}

/** Reads a field of an object by its key. @throws DecodeError */
type ReadKey = (json: JsonObject, wire: string) => unknown;

function readerOf(kind: MessageField['kind']): ReadKey {
  if (isNested(kind)) return NESTED_READERS[kind];
  if (kind === 'config') return () => null;
  const read = DETAIL_READERS[kind];
  return (json, wire) => read(json[wire], null, wire);
}

function isNested(kind: MessageField['kind']): kind is NestedKind {
  return Object.hasOwn(NESTED_READERS, kind);
}

/** Reads what a message lists, with what its deprecated keys tell. */
const NESTED_READERS: Readonly<Record<NestedKind, ReadKey>> = {
  parts: (item, wire) => readParts(item[wire]),
  'tool calls': (item, wire) => {
    const single = item['tool_call'] ?? null;
    return withSingle(
      asList(item[wire]).map(readToolCall),
      single === null ? null : readToolCall(single),
      ({ id }) => id,
    );
  },
  'tool returns': (item, wire) => {
    const isSingle = isPresent(item['tool_call_id']) || isPresent(item['tool_return']);
    const single = isSingle ? readToolReturn(item) : null;
    return withSingle(asList(item[wire]).map(readToolReturn), single, ({ toolCallId }) => toolCallId);
  },
  approvals: (item, wire) => {
    const approvals = asList(item[wire]).filter((each) => !isReturn(each));
    const { approve, reason, approval_request_id: request } = item;
    const isSingle = isPresent(approve) || isPresent(request);
    const single = isSingle ? readApproval({ approve, reason, tool_call_id: request }) : null;
    return withSingle(approvals.map(readApproval), single, ({ toolCallId }) => toolCallId);
  },
  'approved returns': (item, wire) => asList(item[wire]).filter(isReturn).map(readToolReturn),
};

const readSource = readerOfFields(IMAGE_SOURCE_FIELDS);
const readCallFields = readerOfFields(TOOL_CALL_FIELDS);
const readReturnFields = readerOfFields(TOOL_RETURN_FIELDS);
const readApprovalFields = readerOfFields(APPROVAL_FIELDS);

/** The API gives one object of a list as such in places. */
function asList(value: unknown): readonly unknown[] {
  if (!isPresent(value)) return [];
  return Array.isArray(value) ? value : [value];
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function isReturn(json: unknown): boolean {
  return isObject(json) && json['type'] === 'tool';
}

/** Appends what deprecated keys tell, unless the list has it. */
function withSingle<Item>(
  items: readonly Item[],
  single: Item | null,
  callOf: (item: Item) => string | null,
): readonly Item[] {
  const isThere = single === null || items.some((item) => callOf(item) === callOf(single));
  return isThere ? items : [...items, single];
}

const readPresentText = required('a text', (value): value is string => typeof value === 'string');

/** A text, a list of parts, or nothing; anything else is one part that isn't recognized. */
function readParts(content: unknown): readonly MessagePart[] {
  return asList(content).map(readPart);
}

function readPart(part: unknown): MessagePart {
  if (typeof part === 'string') return { type: 'RunTextPart', text: part, signature: null };
  try {
    if (isObject(part) && part['type'] === 'text') return readText(part);
    if (isObject(part) && part['type'] === 'image') return readImage(part);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return { type: 'RunUnrecognizedPart', raw: part };
}

/** @throws DecodeError */
function readText({ text, signature }: JsonObject): MessagePart {
  return {
    type: 'RunTextPart',
    text: readPresentText(text, null, 'text'),
    signature: DETAIL_READERS.text(signature, null, 'signature'),
  };
}

/** @throws DecodeError */
function readImage({ source }: JsonObject): MessagePart {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return { ...readSource(source), type: 'RunImagePart' } as MessagePart;
}

/** @throws DecodeError */
function readToolCall(json: unknown): ToolCall {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return readCallFields(json) as unknown as ToolCall;
}

/** @throws DecodeError */
function readToolReturn(json: unknown): ToolReturn {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return readReturnFields(json) as unknown as ToolReturn;
}

/** @throws DecodeError */
function readApproval(json: unknown): Approval {
  const { type = 'approval', ...values } = isObject(json) ? json : { type: json };
  if (type !== 'approval') throw new DecodeError(null, 'approvals.type', 'approval or tool', type);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return readApprovalFields(values) as unknown as Approval;
}
