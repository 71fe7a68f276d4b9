import { IDS } from '../../../runs/ids.ts';
import { MESSAGE_FIELDS, MESSAGE_KINDS } from '../../../runs/message-kinds.ts';
import type { RunMessage } from '../../../runs/messages.ts';
import { DecodeError } from './decode-error.ts';
import type { ReportDrift } from './drift.ts';
import type { JsonObject } from './field-readers.ts';
import { MESSAGE_READERS, unlessMalformed } from './message-readers.ts';
import { asObjects, readerOf } from './read-fields.ts';

/** The kinds by their names on the wire, each with a reader of all of its fields. */
const KINDS = new Map(
  Object.entries(MESSAGE_KINDS).map(([kind, { type, fields }]) => [
    kind as unknown,
    { type, read: readerOf({ ...MESSAGE_FIELDS, ...fields }, MESSAGE_READERS) },
  ]),
);
/** Readers of the fields of every message, each alone. */
const COMMON_READERS = Object.entries(MESSAGE_FIELDS).map(
  ([name, field]) => [name, readerOf({ [name]: field }, MESSAGE_READERS)] as const,
);

/**
 * Decodes a page of messages, oldest first. An item of an unknown kind, or in an unexpected form, becomes a
 * `RunUnrecognizedMessage`.
 *
 * @throws DecodeError for anything but a list of objects with ids
 */
export function decodeMessages(json: unknown): readonly RunMessage[] {
  // Messages that come from one stored message have one id in the API, so they are numbered. They come in one page, and a
  // run's list only grows at its end, so that an id stays with its message.
  const parts = new Map<string, number>();
  return asObjects(json, 'message').map((item, row): RunMessage => {
    const message = readMessage(item);
    const { messageId } = message;
    if (!isStoredId(messageId)) throw new DecodeError(row, 'id', 'the id of a message', messageId);
    const part = parts.get(messageId) ?? 0;
    parts.set(messageId, part + 1);
    message['id'] = `${messageId}:${part}`;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
    return message as unknown as RunMessage;
  });
}

/** Whether the id of a stored message is well-formed, so that it can be an id and a cursor here. */
function isStoredId(id: unknown): id is string {
  return typeof id === 'string' && IDS.message.storedPattern.test(id);
}

function readMessage(item: JsonObject): Record<string, unknown> {
  const kind = KINDS.get(item['message_type']);
  const message = kind && unlessMalformed(() => kind.read(item));
  if (kind && message) return Object.assign(message, { type: kind.type });
  const readable = COMMON_READERS.map(
    ([name, read]) => unlessMalformed(() => read(item)) ?? { [name]: null },
  );
  return Object.assign({ type: 'RunUnrecognizedMessage', raw: item }, ...readable);
}

/** Decodes a page of messages, and reports those of unknown kinds, or in an unexpected form. @throws DecodeError */
export function decodeMessagePage(json: unknown, report: ReportDrift) {
  const messages = decodeMessages(json);
  for (const { type, messageType } of messages) {
    if (type !== 'RunUnrecognizedMessage') continue;
    report(KINDS.has(messageType) ? 'malformed_message' : 'message_type', messageType ?? 'none');
  }
  return messages;
}
