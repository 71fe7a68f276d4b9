import type { ConversationRow, Message } from '../store/run-store.ts';
import { conversationsOf, messagesIn } from '../store/stored-conversations.ts';
import { CONVERSATION, wireText } from '../store/wire-format.ts';
import { isLike, requireAgent } from './agents.ts';
import { PAGE } from './paging.ts';
import { choice, readParameters, text, type Values } from './parameters.ts';
import { type Call, databaseError, notFound } from './request-reply.ts';
import { firstOf, itemsOf } from './steps-and-messages.ts';

/** `GET /v1/agents/{agent_id}/messages` of one conversation: newest first, but each page oldest first. */
export function listAgentMessages(call: Call): string {
  const { id: agent_id, organization_id } = requireAgent(call);
  const id = call.query.get('conversation_id') ?? 'default';
  const conversation = { organization_id, agent_id, conversation_id: id === 'default' ? null : id };
  return JSON.stringify(itemsOf(pageOf(call, messagesIn(call.store, conversation))));
}

/** `GET /v1/conversations/{conversation_id}/messages`: newest first; nothing of an unknown conversation. */
export function listConversationMessages(call: Call): string {
  const conversation = conversationOf(call);
  const items = itemsOf(pageOf(call, conversation === undefined ? [] : messagesIn(call.store, conversation)));
  return JSON.stringify(call.query.get('order') === 'asc' ? items : items.toReversed());
}

export function retrieveConversation(call: Call): string {
  const conversation = requireConversation(call);
  const in_context_message_ids = messagesIn(call.store, conversation).map(({ id }) => id);
  return wireText(CONVERSATION, { ...conversation, in_context_message_ids });
}

const LIST = {
  agent_id: text,
  summary_search: text,
  after: text,
  limit: PAGE.limit,
  order: PAGE.order,
  order_by: choice('literal_error', ['created_at', 'last_message_at']),
};

/**
 * `GET /v1/conversations/`. Its cursor may be deleted. By time of creation, it also leaves out the others of the cursor's
 * instant; by `last_message_at`, nulls are last in both orders, but in ascending order `after` takes them to be first.
 *
 * @throws HttpError 404 for an unknown cursor
 */
export function listConversations(call: Call): string {
  const parameters = readParameters(call.query, LIST);
  const { after, limit = 0, order, order_by } = parameters;
  if (limit < 0) throw databaseError();
  const all = conversationsOf(call.store, call.actor.organizationId);
  const cursor = after ? all.find(({ id }) => id === after) : undefined;
  if (after && cursor === undefined) throw notFound('Conversation', { ...call, id: after });
  const isByMessage = order_by === 'last_message_at';
  const keyOf = (row: ConversationRow): string => (isByMessage ? row.last_message_at : row.created_at) ?? '';
  const sign = order === 'asc' ? 1 : -1;
  const compare = (a: string, b: string): number => (a === b ? 0 : sign * (a < b ? -1 : 1));
  const isBehind = (row: ConversationRow): boolean => {
    if (cursor === undefined) return true;
    const byKey = compare(keyOf(row), keyOf(cursor));
    return byKey === 0 && isByMessage ? compare(row.id, cursor.id) > 0 : byKey > 0;
  };
  const rows = all
    .filter((row) => !row.is_deleted && isBehind(row) && matches(row, parameters))
    .toSorted(
      (a, b) =>
        Number(keyOf(a) === '') - Number(keyOf(b) === '') ||
        compare(keyOf(a), keyOf(b)) ||
        compare(a.id, b.id),
    );
  return `[${rows
    .slice(0, limit)
    .map((row) => wireText(CONVERSATION, row))
    .join(',')}]`;
}

function matches({ agent_id, summary }: ConversationRow, parameters: Values<typeof LIST>): boolean {
  const { agent_id: wanted = agent_id, summary_search: part } = parameters;
  if (agent_id !== wanted) return false;
  return !part || (summary !== null && isLike(summary, part, 'su'));
}

/** @throws HttpError 404 */
export function requireConversation(call: Call) {
  const row = conversationOf(call);
  if (row === undefined) throw notFound('Conversation', call);
  return row;
}

function conversationOf({ id, store, actor }: Call) {
  return conversationsOf(store, actor.organizationId).find((row) => row.id === id && !row.is_deleted);
}

/** The stored messages of one page, oldest first, between the cursors in both orders. Unknown cursors are ignored. */
function pageOf({ query }: Call, stored: readonly Message[]): readonly Message[] {
  const { before, after, limit = 0, order } = readParameters(query, PAGE);
  if (limit < 0) throw databaseError();
  const end = stored.findIndex(({ id }) => id === before);
  const between = stored.slice(stored.findIndex(({ id }) => id === after) + 1, end < 0 ? undefined : end);
  return firstOf(between, order === 'asc', limit);
}
