import { type Conversation, messagesIn } from '../conversations.ts';
import type { Agent, Message } from '../store.ts';
import { PAGE } from './paging.ts';
import { readParameters, requireId } from './parameters.ts';
import { type Call, databaseError, failure, notFound } from './request-reply.ts';
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

/** The stored messages of one page, oldest first, between the cursors in both orders. Unknown cursors are ignored. */
function pageOf({ query }: Call, stored: readonly Message[]): readonly Message[] {
  const { before, after, limit = 0, order } = readParameters(query, PAGE);
  if (limit < 0) throw databaseError();
  const end = stored.findIndex(({ id }) => id === before);
  const between = stored.slice(stored.findIndex(({ id }) => id === after) + 1, end < 0 ? undefined : end);
  return firstOf(between, order === 'asc', limit);
}
