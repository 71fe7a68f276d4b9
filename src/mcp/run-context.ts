import { enumValues } from '../runs/run-enums.ts';
import type { McpActivityFragment, McpContextFragment } from './__generated__/graphql.ts';

const TYPES = enumValues('message_type').map((value) => value.toUpperCase());
const NONE_KEPT = 'None: Letta keeps no messages of a run that fails in its first step.';

/** Returns the last message of a run, or that there is none; undefined if it was not read. */
export function lastOf(lastMessage: McpActivityFragment['lastMessage'] | undefined) {
  return lastMessage && (lastMessage.nodes[0] ?? 'none');
}

type Context = Partial<McpContextFragment & McpActivityFragment>;

/** Returns which messages of a run are left out or were not kept, and what its turn began with. */
export function contextOf({ state, requestConfig, continues, turn, usage, lastMessage }: Context) {
  const kept: readonly string[] | null | undefined = requestConfig?.includeReturnMessageTypes;
  const leftOut = kept && TYPES.filter((type) => !kept.includes(type));
  const [first] = turn?.runs ?? [];
  const [message] = first?.messages?.nodes ?? [];
  const isLost =
    state === 'FAILED' && !kept && lastMessage?.nodes.length === 0 && (usage?.stepCount ?? 2) < 2;
  return {
    messagesLeftOut: leftOut,
    keptMessages: isLost ? NONE_KEPT : null,
    continues: continues?.id,
    turnBeganWith: message && { runId: first?.id, ...message },
  };
}
