import type * as Types from '../__generated__/graphql.ts';
import { MESSAGES, PAUSE } from './run.ts';
import { type Document, ROW } from './runs.ts';

export type Conversation = NonNullable<Types.ExplorerConversationQuery['conversation']>;
export type ListedConversation = Types.ExplorerListedConversationFragment;

/** The conversations of an agent; the last run of each takes a request. */
export const CONVERSATIONS: Document<
  Types.ExplorerConversationsQuery,
  Types.ExplorerConversationsQueryVariables
> = {
  text: `query ExplorerConversations($agentId: ID!, $after: String) {
  agent(id: $agentId) {
    name
    defaultConversation { ...ExplorerListedConversation }
  }
  conversations(agentId: $agentId, orderBy: LAST_MESSAGE_AT, first: 25, after: $after) {
    nodes { ...ExplorerListedConversation }
    pageInfo { hasNextPage endCursor }
  }
}
${ROW}
fragment ExplorerListedConversation on AgentConversation {
  id
  summary
  lastMessageAt
  runs(first: 1) {
    nodes {
      ...ExplorerRow
      failure { message }
    }
  }
}`,
};

/** A conversation with pages of its runs and messages; statistics take the most requests. */
export const CONVERSATION: Document<
  Types.ExplorerConversationQuery,
  Types.ExplorerConversationQueryVariables
> = {
  text: `query ExplorerConversation(
  $id: ID!
  $withStats: Boolean = true
  $runs: Int = 30
  $runsAfter: String
  $messages: Int = 100
  $messagesBefore: String
) {
  mayWrite @include(if: $withStats)
  conversation(id: $id) {
    id
    agentId
    summary
    createdAt
    lastMessageAt
    agent { name }
    runStats @include(if: $withStats) {
      count { value precision }
      failed { value precision }
      tokens {
        totalTokens
        runCount { precision }
      }
      cost { amount currency isComplete }
    }
    pendingApproval {
      ...ExplorerRow
      approval { ...ExplorerPause }
    }
    runs(first: $runs, after: $runsAfter) {
      nodes {
        ...ExplorerRow
        continues { id }
      }
    }
    messages(last: $messages, before: $messagesBefore) { ...ExplorerMessages }
  }
}
${ROW}
${PAUSE}
${MESSAGES}`,
};
