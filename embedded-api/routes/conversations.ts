import { type Conversation, messagesIn } from '../conversations.ts';
import type { Agent, Message } from '../store.ts';
import { PAGE } from './paging.ts';
import { readParameters, requireId, text } from './parameters.ts';
import { type Call, databaseError, failure, notFound } from './request-reply.ts';
import { firstOf, itemsOf } from './steps-and-messages.ts';

/**
 * `GET /v1/agents/{agent_id}/messages`: newest first, but each page oldest first. Without a conversation it has the
 * messages of the default one, where Letta mixes all.
 * @throws HttpError 404 for an unknown agent or cursor
 */
export function listAgentMessages(call: Call): string {
  const { conversation_id = 'default' } = readParameters(call.query, { conversation_id: text });
  const agent = requireAgent(call);
  const conversation = {
    organization_id: agent.organization_id,
    agent_id: agent.id,
    conversation_id: conversation_id === 'default' ? null : conversation_id,
  };
  const requireCursor = (id: string): never => {
    throw failure(404, `No message found with id '${id}' for agent '${agent.id}'.`);
  };
  return JSON.stringify(itemsOf(pageOf(call, messagesIn(call.store, conversation), requireCursor)));
}

/** `GET /v1/conversations/{conversation_id}/messages`: nothing of an unknown one; an unknown cursor is ignored. */
export function listConversationMessages(call: Call): string {
  const conversation = conversationOf(call);
  const stored = conversation === undefined ? [] : messagesIn(call.store, conversation);
  const items = itemsOf(pageOf(call, stored, () => undefined));
  return JSON.stringify(call.query.getAll('order').at(-1) === 'asc' ? items : items.toReversed());
}

/** `GET /v1/conversations/{conversation_id}` */
export function retrieveConversation(call: Call): string {
  const conversation = requireConversation(call);
  const in_context_message_ids = messagesIn(call.store, conversation).map(({ id }) => id);
  return JSON.stringify({
    id: call.id,
    agent_id: conversation.agent_id,
    summary: null,
    in_context_message_ids,
  });
}

/** @throws HttpError 422 for a malformed id, 404 for an unknown one */
export function requireAgent(call: Call): Agent {
  requireId('agent', call.id);
  const agent = call.store.agents.find(call.id);
  if (agent?.organization_id !== call.actor.organizationId) throw failure(404, 'Agent not found');
  return agent;
}

/** @throws HttpError 404 */
export function requireConversation(call: Call): Conversation {
  const conversation = conversationOf(call);
  if (conversation === undefined) throw notFound('Conversation', call);
  return conversation;
}

/** A conversation is there if a run has its id, until it is deleted. */
function conversationOf({ id, store, actor }: Call): Conversation | undefined {
  if (store.deletedConversations.has(id)) return undefined;
  return store.of(actor.organizationId).find(({ conversation_id }) => conversation_id === id);
}

/** The stored messages of one page, oldest first. `after` is later and `before` is earlier, in both orders. */
function pageOf(
  { query, store }: Call,
  stored: readonly Message[],
  refuse: (id: string) => undefined,
): readonly Message[] {
  const { before, after, limit = 0, order } = readParameters(query, PAGE);
  if (limit < 0) throw databaseError();
  const find = (id: string | undefined): Message | undefined =>
    id ? (store.messages.find(id) ?? refuse(id)) : undefined;
  const [earliest, latest] = [find(after), find(before)].map((cursor) => cursor && stored.indexOf(cursor));
  return firstOf(stored.slice((earliest ?? -1) + 1, latest), order === 'asc', limit);
}
