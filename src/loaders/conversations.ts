import type { ItemList } from '../lists/items/item-list.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import type { Order } from '../lists/position.ts';
import { readRange } from '../lists/ranges/read-range.ts';
import {
  type AgentConversation,
  agentOfDefault,
  defaultConversationOf,
} from '../runs/conversation-fields.ts';
import type { ConversationFilter, ConversationSort } from '../runs/conversation-list.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { RunMessage } from '../runs/messages.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { Agents } from './agents.ts';
import { createById } from './by-id.ts';

/** Conversations, each looked up at most once per operation. */
export interface Conversations {
  /** Returns a conversation, or the default one of an agent; null if there is none with this id. @throws UpstreamError */
  load(id: string): Promise<AgentConversation | null>;
  /** Loads one page. @throws InvalidCursorError, UnsupportedError, UpstreamError */
  page(
    args: ListArguments<ConversationFilter>,
    sort: ConversationSort,
    needs: PageNeeds,
  ): Promise<Page<AgentConversation>>;
  /** Returns the messages of a conversation, which are requested as they are read, from its start or from its end. */
  messages(conversation: AgentConversation, order: Order): ItemList<RunMessage>;
}

export function createConversations(source: RunsSource, agents: Agents): Conversations {
  const byId = createById((id) => source.retrieve('conversation', id));
  const messages = new Map<string, ItemList<RunMessage>>();
  return {
    async load(id) {
      const agentId = agentOfDefault(id);
      if (agentId === null) return byId.load(id);
      return (await agents.exists(agentId)) ? defaultConversationOf(agentId) : null;
    },
    page(args, sort, needs) {
      const served = source.conversations(sort);
      const { list } = served;
      return loadPage(args, needs, { list, readRange: (request) => readRange(request, served), byId });
    },
    messages: (conversation, order) =>
      getOrCompute(messages, `${order} ${conversation.id}`, () =>
        source.listConversationMessages(conversation, order),
      ),
  };
}
