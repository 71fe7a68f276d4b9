import type { RunMessage } from '../../runs/messages.ts';
import { isStoredId } from '../../wire/decode-messages.ts';

/*
 * What a page of messages says about the stored messages that it was made of. Letta 0.12 to 0.16.7 make
 * items of each: `letta/schemas/message.py`, `to_letta_messages_from_list`.
 */

/** An agent's message may show nothing at all, if it is empty: one of so many, and a few more. */
const SHOWING_PER_EMPTY = 4;
const MORE_EMPTY = 2;
/** Of a page that has room for fewer, half must be empty for it to be the whole list: there a few are many. */
const ROOMY = 100;

/**
 * Whether a page from the start of an unfiltered list is the whole list, by how many stored messages it may hold.
 * What is hidden are returns of `send_message`: all those of an agent's message that may have called it, for
 * it shows that call as a text. And an agent's messages without content, of which there are few.
 */
export function isWholeList(page: readonly RunMessage[], limit: number): boolean {
  const most = mostStored(page);
  const spoken = new Set(page.filter(isOfAgent).map(storedKey)).size;
  const empty = spoken === 0 ? 0 : MORE_EMPTY + Math.ceil(spoken / SHOWING_PER_EMPTY);
  return most + empty < (limit < ROOMY ? limit / 2 : limit);
}

/** The most stored messages that a page can be made of, but for those that show nothing as they are empty. */
export function mostStored(page: readonly RunMessage[]): number {
  const returned = new Set(page.flatMap(returnsOf));
  const stored = Map.groupBy(page, storedKey);
  let count = stored.size;
  for (const items of stored.values()) {
    const calls = items.flatMap(callsOf);
    // If it had called `send_message`, no return of its other calls would be shown.
    if (items.some(mayBeSent) && !calls.some((id) => returned.has(id))) count += 1 + calls.length;
  }
  return count;
}

/** Items have one key if they were made of one stored message for certain. */
function storedKey({ id, messageId }: RunMessage): string {
  return isStoredId(messageId) ? messageId : id;
}

/**
 * Returns the index of the first item, from an index on, of which the page doesn't tell whether the whole list
 * has it; -1 if there is none. Returns of `send_message` are left out only if their call is in the same page.
 * So each return must have its call in the page, where it is seen to be another one.
 *
 * @param approved the ids of calls that had to be approved; their returns are always shown
 */
export function firstUntold(
  page: readonly RunMessage[],
  from: number,
  approved: ReadonlySet<string | null>,
): number {
  const called = new Set([...page.flatMap(callsOf), ...approved]);
  return page.findIndex((item, index) => {
    if (index < from || !isReturn(item)) return false;
    const [first] = returnsOf(item);
    if (first !== undefined) return !called.has(first);
    // Its call is the one before it, whose id is stored with it meanwhile.
    return !page.slice(0, index).some((other) => isOfAgent(other) || isReturn(other));
  });
}

/** Whether calls of several messages have one id: then those of any page may hide returns of another. */
export function repeatsCalls(items: readonly RunMessage[]): boolean {
  const callers = Map.groupBy(
    items.flatMap((item) => callsOf(item).map((id) => ({ id, messageId: item.messageId }))),
    ({ id }) => id,
  );
  return callers.values().some((some) => new Set(some.map(({ messageId }) => messageId)).size > 1);
}

/** Returns the ids of the calls that some messages ask to approve. */
export function callsToApprove(page: readonly RunMessage[]): ReadonlySet<string | null> {
  return new Set(page.flatMap((item) => (item.type === 'RunApprovalRequestMessage' ? callsOf(item) : [])));
}

export function isReturn({ type, messageType }: RunMessage): boolean {
  return type === 'RunToolReturnMessage' || messageType === 'tool_return_message';
}

const OF_AGENTS: ReadonlySet<RunMessage['type']> = new Set([
  'RunAssistantMessage',
  'RunReasoningMessage',
  'RunHiddenReasoningMessage',
  'RunToolCallMessage',
  'RunApprovalRequestMessage',
  'RunUnrecognizedMessage',
]);

function isOfAgent({ type }: RunMessage): boolean {
  return OF_AGENTS.has(type);
}

function mayBeSent({ type }: RunMessage): boolean {
  return type === 'RunAssistantMessage' || type === 'RunUnrecognizedMessage';
}

function callsOf(item: RunMessage): readonly string[] {
  if (item.type !== 'RunToolCallMessage' && item.type !== 'RunApprovalRequestMessage') return [];
  return item.toolCalls.map(({ id }) => id).filter((id) => id !== null);
}

function returnsOf(item: RunMessage): readonly string[] {
  if (item.type !== 'RunToolReturnMessage') return [];
  return item.toolReturns.map(({ toolCallId }) => toolCallId).filter((id) => id !== null);
}
