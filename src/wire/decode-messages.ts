import { IDS } from '../runs/ids.ts';
import { MESSAGE_FIELDS, MESSAGE_KINDS } from '../runs/message-kinds.ts';
import type { RunMessage } from '../runs/messages.ts';
import { DecodeError } from './decode-error.ts';
import { isObject } from './field-readers.ts';
import { type ReadFields, readerOfFields } from './message-readers.ts';

/**
 * Decodes a page of the list of a run's messages, oldest first. Nothing in an item fails the list: an item
 * of an unknown kind or an unexpected form is a message of the type `RunUnrecognizedMessage`. Unknown
 * fields are ignored, and missing ones are null.
 *
 * @param from the index of the first one in the list
 * @throws DecodeError for anything but a list of objects
 */
export function decodeMessages(json: unknown, runId: string, from = 0): readonly RunMessage[] {
  if (!Array.isArray(json)) throw new DecodeError(null, '', 'a list of messages', json);
  const nextId = createIds(runId);
  return json.map((item: unknown, row): RunMessage => {
    if (!isObject(item)) throw new DecodeError(row, '', 'a message', item);
    const message = readMessage(item);
    message['id'] = nextId(message['messageId'], from + row);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
    return message as unknown as RunMessage;
  });
}

/** Whether an id of a message can be used as one, and as a cursor. */
export function isStoredId(id: unknown): id is string {
  return typeof id === 'string' && IDS.message.storedPattern.test(id);
}

/**
 * Numbers the messages that come from one stored message, and so have one id in the API. They come in one page,
 * and a run's list only grows at its end, so an id stays with its message. Where the API's id can't be used,
 * the run's id and the index in the list take its place.
 */
function createIds(runId: string): (messageId: unknown, index: number) => string {
  const parts = new Map<string, number>();
  return (messageId, index) => {
    if (!isStoredId(messageId)) return `${runId}:${index}`;
    const part = parts.get(messageId) ?? 0;
    parts.set(messageId, part + 1);
    return `${messageId}:${part}`;
  };
}

/** The kinds by their names on the wire, each with a reader of all of its fields. */
const KINDS = new Map<unknown, { readonly type: string; readonly read: ReadFields }>(
  Object.entries(MESSAGE_KINDS).map(([kind, { type, fields }]) => [
    kind,
    { type, read: readerOfFields({ ...MESSAGE_FIELDS, ...fields }) },
  ]),
);
/** Readers of the fields of every message, each alone. */
const COMMON_READERS = Object.entries(MESSAGE_FIELDS).map(
  ([name, field]) => [name, readerOfFields({ [name]: field })] as const,
);

function readMessage(item: unknown): Record<string, unknown> {
  const kind = isObject(item) ? KINDS.get(item['message_type']) : undefined;
  const known = kind && unlessMalformed(() => kind.read(item));
  if (kind && known) {
    known['type'] = kind.type;
    return known;
  }
  const readable = COMMON_READERS.map(
    ([name, read]) => unlessMalformed(() => read(item)) ?? { [name]: null },
  );
  return Object.assign({ type: 'RunUnrecognizedMessage', raw: item }, ...readable);
}

/** Returns undefined where something doesn't have the expected form. */
function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
