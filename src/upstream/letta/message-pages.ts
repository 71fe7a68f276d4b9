import type { RunMessage } from '../../runs/messages.ts';
import { isStoredId } from './decode/decode-messages.ts';

/*
 * What a page of messages says about the stored messages that it was made of. Letta 0.12 to 0.16.7 make
 * items of each: `letta/schemas/message.py`, `to_letta_messages_from_list`.
 */

/** An agent's message may show nothing at all, if it is empty: one of so many, and a few more. */
const SHOWING_PER_EMPTY = 4;
const MORE_EMPTY = 2;

const OF_AGENTS: ReadonlySet<RunMessage['type']> = new Set([
  'RunAssistantMessage',
  'RunReasoningMessage',
  'RunHiddenReasoningMessage',
  'RunToolCallMessage',
  'RunApprovalRequestMessage',
  'RunUnrecognizedMessage',
]);

/**
 * The most stored messages that a page can be made of. What it doesn't show are returns of `send_message`: all those of
 * an agent's message that may have called it, for it shows that call as a text; and messages without content.
 */
export function mostStored(page: readonly RunMessage[]): number {
  const stored = [
    ...Map.groupBy(page, ({ id, messageId }) => (isStoredId(messageId) ? messageId : id)).values(),
  ];
  const spoken = stored.filter((items) => items.some(({ type }) => OF_AGENTS.has(type)));
  const texts = spoken.filter((items) =>
    items.some(({ type }) => type === 'RunAssistantMessage' || type === 'RunUnrecognizedMessage'),
  );
  const hidden = texts.length + callsOf(texts.flat()).length;
  const empty = spoken.length === 0 ? 0 : MORE_EMPTY + Math.ceil(spoken.length / SHOWING_PER_EMPTY);
  return stored.length + hidden + empty;
}

/**
 * Returns the index of the last return of a tool of which it isn't certain that the whole list has it; -1 if there is none.
 * One of `send_message` is left out if its call is in the same page, so the call must be seen to be another one.
 *
 * @param from the first item that may be one
 */
export function lastUntold(items: readonly RunMessage[], from: number): number {
  const called = new Set(callsOf(items));
  return items.findLastIndex(
    (item, index) =>
      index >= from &&
      item.type === 'RunToolReturnMessage' &&
      item.toolReturns.some(({ toolCallId }) => toolCallId !== null && !called.has(toolCallId)),
  );
}

/** Whether calls of several messages have one id: then those of any page may hide returns of another. */
export function repeatsCalls(items: readonly RunMessage[]): boolean {
  const perMessage = Map.groupBy(items, ({ messageId }) => messageId).values();
  const ids = [...perMessage].flatMap((some) => [...new Set(callsOf(some))]);
  return new Set(ids).size < ids.length;
}

/** Returns the ids of the calls that some messages show. */
function callsOf(items: readonly RunMessage[]): readonly string[] {
  return items
    .flatMap((item) => ('toolCalls' in item ? item.toolCalls : []))
    .map(({ id }) => id)
    .filter((id) => id !== null);
}
