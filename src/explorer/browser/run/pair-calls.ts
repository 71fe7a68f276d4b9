import type { ExplorerCallFragment } from '../__generated__/graphql.ts';
import type { Message } from '../documents/run.ts';

/** Finds the result of each call. Ids of calls may repeat, so each call takes the first unused result after it. */
export function pairCalls<Result extends { readonly toolCallId: string | null }>(
  messages: readonly Message[],
  select: (message: Message) => readonly Result[] | undefined,
): ReadonlyMap<ExplorerCallFragment, Result> {
  const open = new Map<string | null, ExplorerCallFragment[]>();
  const byCall = new Map<ExplorerCallFragment, Result>();
  for (const message of messages) {
    for (const call of message.toolCalls ?? []) open.set(call.id, [...(open.get(call.id) ?? []), call]);
    for (const result of select(message) ?? []) {
      const call = open.get(result.toolCallId)?.shift();
      if (call !== undefined) byCall.set(call, result);
    }
  }
  return byCall;
}
