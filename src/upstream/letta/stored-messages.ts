import { mayBeCut } from '../../lists/ranges/page-sizes.ts';
import type { RunMessage } from '../../runs/messages.ts';

// Letta sends a stored message as several items or none: `to_letta_messages_from_list` in `letta/schemas/message.py`,
// 0.12 to 0.16.7. These functions conclude from a page of items which stored messages it was made of.

/** Whether no messages follow a page: it has fewer than its limit, and not as many as proxies cut a list at. */
export function isLastPage(page: readonly RunMessage[], limit: number): boolean {
  return maxStoredMessages(page) < limit && !mayBeCut(storedIds(page).length, limit);
}

/**
 * Returns an upper bound for the stored messages that a page was made of. Letta hides the returns of `send_message`, of
 * which each text or call may have one, and empty messages, taken to be at most two, and one for four others.
 */
function maxStoredMessages(page: readonly RunMessage[]): number {
  const stored = storedIds(page).length;
  const texts = page.filter(
    ({ type }) => type === 'RunAssistantMessage' || type === 'RunUnrecognizedMessage',
  );
  const empty = stored === 0 ? 0 : 2 + stored / 4;
  return stored + texts.length + callsOf(page).length + empty;
}

/**
 * Whether an item from index `from` on is a tool return whose call isn't in the page. Letta leaves out a return of
 * `send_message` whose call is in the same page, so only another call proves that no return is missing.
 */
export function hasReturnWithoutCall(items: readonly RunMessage[], from: number): boolean {
  const called = new Set(callsOf(items));
  return items
    .slice(from)
    .some(
      (item) =>
        item.type === 'RunToolReturnMessage' &&
        item.toolReturns.some(({ toolCallId }) => toolCallId !== null && !called.has(toolCallId)),
    );
}

/** Whether two messages have a call with the same id, so that a call in one page may hide a return in another. */
export function repeatsCalls(items: readonly RunMessage[]): boolean {
  const perMessage = Map.groupBy(items, ({ messageId }) => messageId).values();
  const ids = [...perMessage].flatMap((some) => [...new Set(callsOf(some))]);
  return new Set(ids).size < ids.length;
}

function callsOf(items: readonly RunMessage[]): readonly string[] {
  return items
    .flatMap((item) => ('toolCalls' in item ? item.toolCalls : []))
    .map(({ id }) => id)
    .filter((id) => id !== null);
}

/** Returns the ids of stored messages, in order. */
export function storedIds(items: readonly RunMessage[]): readonly string[] {
  return [...new Set(items.map(({ messageId }) => messageId))].filter((id) => id !== null);
}
