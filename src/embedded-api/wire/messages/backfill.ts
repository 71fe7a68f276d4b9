import type { StoredMessage } from './stored-message.ts';

/**
 * Fills in ids of calls that a version of Letta forgot to store with their returns: from the nearest call before,
 * if its message has only one.
 */
export function backfillToolCallIds(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const [first, last] = [messages.at(0), messages.at(-1)];
  const isNewestFirst =
    first !== undefined && last !== undefined && first.row.created_at > last.row.created_at;
  const filled = fill(isNewestFirst ? messages.toReversed() : messages);
  return isNewestFirst ? filled.toReversed() : filled;
}

function fill(messages: readonly StoredMessage[]): StoredMessage[] {
  let called: string | undefined;
  return messages.map((message) => {
    const { row, toolCalls, toolReturns, toolCallId } = message;
    if (row.role === 'assistant' && toolCalls.length > 0) {
      called = toolCalls.length === 1 ? toolCalls[0]?.tool_call_id || undefined : undefined;
    }
    if (row.role !== 'tool') return message;
    const id = called;
    called = undefined;
    const [only] = toolReturns;
    if (id === undefined || only === undefined || toolReturns.length > 1) return message;
    return {
      ...message,
      toolCallId: toolCallId ?? id,
      toolReturns: [new Map([...only, ['tool_call_id', only.get('tool_call_id') ?? id]])],
    };
  });
}
