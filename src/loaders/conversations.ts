import type { ItemList } from '../lists/items/item-list.ts';
import type { Order } from '../lists/position.ts';
import {
  type AgentConversation,
  agentOfDefault,
  defaultConversationOf,
} from '../runs/conversation-fields.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { RunMessage } from '../runs/messages.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { LookUps } from './by-id.ts';

/** Conversations, each looked up at most once per operation. */
export interface Conversations {
  /** Returns a conversation, or the default one of an agent; null if there is none with this id. @throws UnsupportedError, UpstreamError */
  load(id: string): Promise<AgentConversation | null>;
  /** Returns the messages of a conversation, which are requested as they are read, from its start or from its end. */
  messages(conversation: AgentConversation, order: Order): ItemList<RunMessage>;
}

export function createConversations(source: RunsSource, lookUp: LookUps): Conversations {
  const messages = new Map<string, ItemList<RunMessage>>();
  return {
    async load(id) {
      const agentId = agentOfDefault(id);
      if (agentId === null) return lookUp('conversation').load(id);
      return (await lookUp('agent').load(agentId)) && defaultConversationOf(agentId);
    },
    messages: (conversation, order) =>
      getOrCompute(messages, `${order} ${conversation.id}`, () =>
        source.listConversationMessages(conversation, order),
      ),
  };
}
