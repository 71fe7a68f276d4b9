import { field, fieldTable } from './field-table.ts';
import type { ValuesOf } from './field.ts';
import { IDS } from './ids.ts';

/** The fields of a conversation, by their names here and in GraphQL. What the model is given is left out on purpose. */
export const CONVERSATION_FIELDS = fieldTable({
  agentId: field('id', 'The id of the agent.'),
  summary: field('text', 'What it is about, in the words of its creator, if there are any.'),
  createdAt: field('instant', 'When it was created; null for a default conversation.'),
  lastMessageAt: field(
    'instant',
    'When something was last sent to it; null if nothing was, and for a default conversation.',
  ),
});

/** A conversation of an agent. A field that is malformed throws an {@link UpstreamError} when it is read. */
export interface AgentConversation extends ValuesOf<typeof CONVERSATION_FIELDS> {
  readonly id: string;
  /** The id in the runs API; null for a default conversation, which has none. */
  readonly conversationId: string | null;
  /** What the list that it came from is sorted by. @default created_at */
  readonly listedBy?: 'created_at' | 'last_message_at';
}

const [, DEFAULT] = IDS.conversation.prefixes;

/** Returns the default conversation of an agent. The runs API has no row for it; its id is the gateway's own. */
export function defaultConversationOf(agentId: string): AgentConversation {
  const none = { conversationId: null, summary: null, createdAt: null, lastMessageAt: null };
  return { id: DEFAULT + agentId, agentId, ...none };
}

/** Returns the agent whose default conversation has an id; null for any other conversation. */
export function agentOfDefault(id: string): string | null {
  return id.startsWith(DEFAULT) ? id.slice(DEFAULT.length) : null;
}
