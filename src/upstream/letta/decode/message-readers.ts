import { isObject } from '../../../json/parse-json.ts';
import {
  APPROVAL_FIELDS,
  IMAGE_SOURCE_FIELDS,
  TOOL_CALL_FIELDS,
  TOOL_RETURN_FIELDS,
} from '../../../runs/message-kinds.ts';
import type { MessagePart } from '../../../runs/messages.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, type JsonObject } from './field-readers.ts';
import { asObject, type FieldTable, readerOf } from './read-fields.ts';

type Values = Readonly<Record<string, unknown>>;

/** The reader for each kind of field of a message, which also reads deprecated keys. @throws DecodeError */
export const MESSAGE_READERS = {
  ...FIELD_READERS,
  parts: readParts,
  'tool calls': (calls: unknown, _row: unknown, _path: string, { tool_call: call }: JsonObject) =>
    withSingle(asList(calls).map(readCall), isPresent(call) ? readCall(call) : null, 'id'),
  'tool returns'(returns: unknown, _row: unknown, _path: string, item: JsonObject) {
    const isSingle = isPresent(item['tool_call_id']) || isPresent(item['tool_return']);
    return withSingle(asList(returns).map(readReturn), isSingle ? readReturn(item) : null, 'toolCallId');
  },
  approvals(approvals: unknown, _row: unknown, _path: string, item: JsonObject) {
    const { approve, reason, approval_request_id: tool_call_id } = item;
    const isSingle = isPresent(approve) || isPresent(tool_call_id);
    const all = asList(approvals).filter((each) => !isReturn(each));
    const single = isSingle ? readApproval({ approve, reason, tool_call_id }) : null;
    return withSingle(all.map(readApproval), single, 'toolCallId');
  },
  'approved returns': (approvals: unknown) => asList(approvals).filter(isReturn).map(readReturn),
};

const readSource = objectReader(IMAGE_SOURCE_FIELDS, 'the source of an image');
const readCall = objectReader(TOOL_CALL_FIELDS, 'a tool call');
const readReturn = objectReader(TOOL_RETURN_FIELDS, 'what a tool returned');
const readApprovalFields = objectReader(APPROVAL_FIELDS, 'an approval');

function objectReader(fields: FieldTable, what: string): (json: unknown) => Values {
  const read = readerOf(fields, { ...FIELD_READERS, parts: readParts });
  return (json) => read(asObject(json, what));
}

/** Returns values as a list: in places, the API sends one object without a list around it. */
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

/** Appends an object from deprecated keys, unless the list has it. @param key the field with the id of a call */
function withSingle(items: readonly Values[], single: Values | null, key: string): readonly Values[] {
  const isThere = single === null || items.some((item) => item[key] === single[key]);
  return isThere ? items : [...items, single];
}

/** A text, a list of parts, or nothing; anything else is one part that isn't recognized. */
function readParts(content: unknown): readonly MessagePart[] {
  return asList(content).map(readPart);
}

function readPart(part: unknown): MessagePart {
  if (typeof part === 'string') return { type: 'RunTextPart', text: part, signature: null };
  const { type, text, signature = null, source } = isObject(part) ? part : {};
  if (type === 'text' && typeof text === 'string' && (signature === null || typeof signature === 'string')) {
    return { type: 'RunTextPart', text, signature };
  }
  const image = type === 'image' ? unlessMalformed(() => readSource(source)) : undefined;
  if (image === undefined) return { type: 'RunUnrecognizedPart', raw: part };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return { ...image, type: 'RunImagePart' } as MessagePart;
}

function readApproval(json: unknown): Values {
  const { type = 'approval' }: JsonObject = Object(json);
  if (type !== 'approval') throw new DecodeError(null, 'approvals.type', 'approval or tool', type);
  return readApprovalFields(json);
}

/** Returns undefined where something doesn't have the expected form. */
export function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
