import {
  isMessageKind,
  MESSAGE_FIELDS,
  MESSAGE_KINDS,
  type MessageField,
  TOOL_RETURN_FIELDS,
  UNREAD_MESSAGE_KEYS,
} from '../runs/message-kinds.ts';
import type { MessagePart, RunMessage, ToolReturn } from '../runs/messages.ts';
import { type ReportDrift, reporterOfFields, reporterOfValues } from './drift.ts';
import { isObject } from './field-readers.ts';

type Fields = Readonly<Record<string, MessageField>>;

const REPORTERS = Object.entries(MESSAGE_KINDS).map(
  ([kind, { fields }]) => [kind, reportersOf(fields)] as const,
);
const REPORTERS_BY_KIND = new Map<string | null, (typeof REPORTERS)[number][1]>(REPORTERS);

function reportersOf(fields: Fields) {
  const optional = Object.values(fields).flatMap(({ deprecated = [] }) => deprecated);
  return {
    ofValues: reporterOfAll(fields),
    ofFields: reporterOfFields({ ...MESSAGE_FIELDS, ...fields }, UNREAD_MESSAGE_KEYS, optional),
  };
}

/** Reports unknown enum values and parts, also in what tools returned. */
function reporterOfAll(fields: Fields): (values: object, report: ReportDrift) => void {
  const reportValues = reporterOfValues(fields);
  return (values, report) => {
    reportValues(values, report);
    for (const [name, { kind }] of Object.entries(fields)) {
      const value: unknown = Reflect.get(values, name);
      if (kind === 'parts') {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- By the kind of the field.
        for (const part of value as readonly MessagePart[]) reportPart(part, report);
      } else if (kind === 'tool returns' || kind === 'approved returns') {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- By the kind of the field.
        for (const each of value as readonly ToolReturn[]) reportReturn(each, report);
      }
    }
  };
}

const reportReturn = reporterOfAll(TOOL_RETURN_FIELDS);

function reportPart(part: MessagePart, report: ReportDrift): void {
  if (part.type !== 'RunUnrecognizedPart') return;
  const type = isObject(part.raw) ? part.raw['type'] : null;
  report('message_part', typeof type === 'string' ? type : 'without a type');
}

/**
 * Reports differences from the release that this version knows: kinds, parts and enum values that are
 * unknown, messages of an unexpected form, and new or missing fields in the first message of each kind.
 *
 * @param json the list that the messages were decoded from
 */
export function reportMessageDrift(
  messages: readonly RunMessage[],
  json: unknown,
  report: ReportDrift,
): void {
  const seen = new Set<string>();
  for (const [index, { type, messageType: kind, ...message }] of messages.entries()) {
    const reporters = REPORTERS_BY_KIND.get(kind);
    if (type === 'RunUnrecognizedMessage') {
      const isNew = kind !== null && !isMessageKind(kind);
      report(isNew ? 'message_type' : 'malformed_message', kind ?? 'without a message_type');
    } else if (reporters !== undefined) {
      reporters.ofValues(message, report);
      const item: unknown = Array.isArray(json) && !seen.has(type) ? json[index] : null;
      reporters.ofFields(item, (what, field) => report(what, `${kind}.${field}`));
      seen.add(type);
    }
  }
}
