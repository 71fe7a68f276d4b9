import type { RunMessage } from '../../runs/messages.ts';
import type { MessagePage, MessagesPlace } from '../../runs/runs-source.ts';
import type { CallerRequests } from './caller-requests.ts';
import { decodeMessages } from './decode/decode-messages.ts';
import { MESSAGE_LISTS, pathWith } from './endpoints.ts';

/** Returns some messages of a run or a conversation, in the order of the page. @throws UpstreamError */
export async function readMessages(
  requests: CallerRequests,
  place: MessagesPlace,
  { order, limit, ...cursor }: MessagePage,
): Promise<readonly RunMessage[]> {
  const cursors = Object.entries(cursor).map(
    ([parameter, value]) => `&${parameter}=${encodeURIComponent(value)}`,
  );
  const rows = await listMessages(requests, place, `order=${order}&limit=${limit}${cursors.join('')}`);
  return decodeMessages(rows);
}

/** Returns a page of messages of a run or a conversation as they were sent, in the order of the query. @throws UpstreamError */
export async function listMessages(
  requests: CallerRequests,
  place: MessagesPlace,
  pageQuery: string,
): Promise<readonly unknown[]> {
  const { name, id } = listOf(place);
  const { path, query = '', isAscending = false, ...options } = MESSAGE_LISTS[name];
  const rows = await requests.list(`${pathWith(path, id)}?${query}${pageQuery}`, options);
  return isAscending && pageQuery.startsWith('order=desc') ? rows.toReversed() : rows;
}

function listOf(place: MessagesPlace): { readonly name: keyof typeof MESSAGE_LISTS; readonly id: string } {
  if ('runId' in place) return { name: 'run', id: place.runId };
  const { agentId, conversationId } = place;
  return conversationId === null
    ? { name: 'agent', id: agentId }
    : { name: 'conversation', id: conversationId };
}
