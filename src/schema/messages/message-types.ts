import type { RunMessage } from '../../runs/messages.ts';
import type { RunEnumValue } from '../../runs/run-enums.ts';
import { recognize, UNRECOGNIZED } from '../enums.ts';
import { distinct } from '../filter-arguments.ts';

type MessageType = RunEnumValue<'message_type'> | typeof UNRECOGNIZED;

/** The type of a message as shown. */
export function messageTypeOf({ messageType }: RunMessage): MessageType {
  return messageType === null ? UNRECOGNIZED : recognize('message_type', messageType);
}

/** Returns the filter of the argument `types`; undefined for none. @throws ArgumentError for an empty list */
export function isOfTypes(
  types: readonly MessageType[] | null | undefined,
): ((message: RunMessage) => boolean) | undefined {
  if (types === null || types === undefined) return undefined;
  const allowed = new Set(distinct('types', types));
  return (message) => allowed.has(messageTypeOf(message));
}
