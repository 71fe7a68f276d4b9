import type { RequestItem } from './message-items.ts';
import type { ConversationRow, Message, Run, RunStore } from './run-store.ts';

/** A conversation of an agent; without an id its default one. */
export type Conversation = Pick<Run, 'organization_id' | 'agent_id' | 'conversation_id'>;

/** Returns the conversations of an organization, deleted ones among them: those that are stored, and that runs name. */
export function conversationsOf(store: RunStore, organization_id: string) {
  const rows = new Map(store.conversations.of(organization_id).map((row) => [row.id, row]));
  for (const { conversation_id: id, agent_id, created_at: last_message_at } of store.of(organization_id)) {
    if (id === null) continue;
    const first = { id, agent_id, organization_id, created_at: last_message_at, summary: null };
    rows.set(id, { ...(rows.get(id) ?? first), last_message_at });
  }
  const isDeleted = ({ id }: ConversationRow) => store.deletedConversations.has(id);
  return [...rows.values()].map((row) => ({ ...row, conversation_id: row.id, is_deleted: isDeleted(row) }));
}

/** Returns the stored messages of a conversation, oldest first. */
export function messagesIn(
  store: RunStore,
  { organization_id, agent_id, conversation_id }: Conversation,
): readonly Message[] {
  const isDefault = conversation_id === null;
  return store
    .of(organization_id)
    .filter((run) => run.agent_id === agent_id)
    .filter((run) => run.conversation_id === conversation_id || (isDefault && run.denies !== null))
    .flatMap((run) =>
      store.messages
        .of(run.id)
        .filter(({ is_in_default }) => (is_in_default || run.conversation_id === null) === isDefault),
    )
    .toSorted((a, b) =>
      a.created_at === b.created_at ? a.sequence - b.sequence : a.created_at < b.created_at ? -1 : 1,
    );
}

/** Returns the request that a conversation waits for: its last message, if that is one. */
export function pendingIn(store: RunStore, conversation: Conversation): RequestItem | undefined {
  return messagesIn(store, conversation).at(-1)?.items.find(isRequest);
}

/** Returns the last request of a run, answered or not. */
export function requestOf(store: RunStore, runId: string): RequestItem | undefined {
  return store.messages
    .of(runId)
    .flatMap(({ items }) => items)
    .findLast(isRequest);
}

export function isRequest(item: Message['items'][number]): item is RequestItem {
  return item.message_type === 'approval_request_message';
}
