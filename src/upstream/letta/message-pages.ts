import type { RunMessage } from '../../runs/messages.ts';
import { isStoredId } from './decode/decode-messages.ts';

/*
 * What a page of messages says about the stored messages that it was made of. Letta 0.12 to 0.16.7 make
 * items of each: `letta/schemas/message.py`, `to_letta_messages_from_list`.
 */

/**
 * The most stored messages that a page can be made of. What it doesn't show are returns of `send_message`, and of other
 * calls beside it: each text may be such a call. And messages of agents without content, at most one for four others.
 */
export function mostStored(page: readonly RunMessage[]): number {
  const stored = new Set(page.map(({ id, messageId }) => (isStoredId(messageId) ? messageId : id))).size;
  const texts = page.filter(
    ({ type }) => type === 'RunAssistantMessage' || type === 'RunUnrecognizedMessage',
  );
  const empty = stored === 0 ? 0 : 2 + stored / 4;
  return stored + texts.length + callsOf(page).length + empty;
}

/**
 * Whether there is a return of a tool of which it isn't certain that the whole list has it. One of `send_message` is
 * left out if its call is in the same page, so the call must be seen to be another one.
 *
 * @param from the first item that may be one
 */
export function hasUntoldReturn(items: readonly RunMessage[], from: number): boolean {
  const called = new Set(callsOf(items));
  return items
    .slice(from)
    .some(
      (item) =>
        item.type === 'RunToolReturnMessage' &&
        item.toolReturns.some(({ toolCallId }) => toolCallId !== null && !called.has(toolCallId)),
    );
}

/** Whether calls of several messages have one id: then a call in one page may hide a return in another page. */
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
