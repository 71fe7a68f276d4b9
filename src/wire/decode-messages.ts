import { IDS } from '../runs/ids.ts';
import { isMessageKind, MESSAGE_FIELDS, MESSAGE_KINDS } from '../runs/message-kinds.ts';
import type { RunMessage, RunMessages } from '../runs/messages.ts';
import { DecodeError } from './decode-error.ts';
import { readMessageFields } from './message-readers.ts';

/**
 * Decodes the whole list of a run's messages, in its order. Nothing in an item fails the list: an item
 * of an unknown kind or an unexpected form is a message of the type `RunUnrecognizedMessage`. Unknown
 * fields are ignored, and missing ones are null.
 *
 * @throws DecodeError for anything but a list
 */
export function decodeMessages(json: unknown, runId: string): RunMessages {
  if (!Array.isArray(json)) throw new DecodeError(null, '', 'a list of messages', json);
  const nextId = createIds(runId);
  const all = json.map((item: unknown, index): RunMessage => {
    const message = readMessage(item);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
    return { ...message, id: nextId(message['messageId'], index) } as unknown as RunMessage;
  });
  const ofSteps = all.filter(({ stepId }) => stepId !== null);
  return { all, byStep: Map.groupBy(ofSteps, ({ stepId }) => stepId ?? '') };
}

/**
 * Numbers the messages that come from one stored message, and so have one id in the API. A run's list
 * only grows at its end, so an id stays with its message. Where the API's id can't be used, the run's
 * id and the index in the list take its place.
 */
function createIds(runId: string): (messageId: unknown, index: number) => string {
  const parts = new Map<string, number>();
  return (messageId, index) => {
    if (typeof messageId !== 'string' || !IDS.message.storedPattern.test(messageId))
      return `${runId}:${index}`;
    const part = parts.get(messageId) ?? 0;
    parts.set(messageId, part + 1);
    return `${messageId}:${part}`;
  };
}

type Values = Readonly<Record<string, unknown>>;

function readMessage(item: unknown): Values {
  try {
    return readKnown(item);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ...readReadable(item), type: 'RunUnrecognizedMessage', raw: item };
  }
}

/** @throws DecodeError for an item of an unknown kind or an unexpected form */
function readKnown(item: unknown): Values {
  const common = readMessageFields(MESSAGE_FIELDS, item);
  const kind = common['messageType'];
  if (!isMessageKind(kind)) throw new DecodeError(null, 'message_type', 'a known kind of message', kind);
  const { type, fields } = MESSAGE_KINDS[kind];
  return { ...common, ...readMessageFields(fields, item), type };
}

/** Reads those of the fields of every message that have the expected form; the others are null. */
function readReadable(item: unknown): Values {
  const fields = Object.entries(MESSAGE_FIELDS).map(([name, field]) => {
    try {
      return readMessageFields({ [name]: field }, item);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return { [name]: null };
    }
  });
  return Object.assign({}, ...fields);
}
