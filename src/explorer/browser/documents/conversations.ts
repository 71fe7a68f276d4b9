import type * as Types from '../__generated__/graphql.ts';
import { DETAILS, PAUSE } from './run.ts';
import { documentOf, ROW } from './runs.ts';

export type Conversation = NonNullable<Types.ExplorerConversationQuery['conversation']>;

export const CONVERSATIONS = documentOf<'ExplorerConversations'>(`query ExplorerConversations($agentId: ID!) {
  agent(id: $agentId) { id name }
  conversations(agentId: $agentId, orderBy: LAST_MESSAGE_AT, first: 100) {
    nodes { id summary lastMessageAt }
    pageInfo { hasNextPage }
  }
}`);

/** Conversations, and the newest runs, of which those of each conversation are counted. */
export const CONVERSATION_LIST = documentOf<'ExplorerConversationList'>(`query ExplorerConversationList(
  $agentId: ID
  $search: String
  $first: Int!
) {
  conversations(agentId: $agentId, summarySearch: $search, orderBy: LAST_MESSAGE_AT, first: $first) {
    nodes { id agentId summary lastMessageAt }
    pageInfo { hasNextPage }
  }
  runs(agentId: $agentId, first: 1000) {
    nodes { conversationId outcome }
    pageInfo { hasNextPage }
  }
}`);

/** Finds out whether an object with an id exists. */
export const FIND = documentOf<'ExplorerFind'>(`query ExplorerFind($id: ID!, $isConversation: Boolean!) {
  nodes(ids: [$id]) @skip(if: $isConversation) { id }
  conversation(id: $id) @include(if: $isConversation) { id }
}`);

/** A conversation with pages of its runs and messages; statistics take the most requests. */
export const CONVERSATION = documentOf<'ExplorerConversation'>(`query ExplorerConversation(
  $id: ID!
  $withStats: Boolean!
  $runs: Int!
  $runsAfter: String
  $messagesBefore: String
) {
  mayWrite @include(if: $withStats)
  conversation(id: $id) {
    id
    agentId
    summary
    createdAt
    lastMessageAt
    runStats @include(if: $withStats) {
      count { value precision }
      failed { value precision }
      cost { amount currency isComplete }
    }
    pendingApproval { ...ExplorerRow approval { ...ExplorerPause } }
    runs(first: $runs, after: $runsAfter) { nodes { ...ExplorerRow continues { id } failure { message } } }
    messages(last: 50, before: $messagesBefore) { ...ExplorerMessages }
  }
}
${ROW}
${DETAILS}`);

/** A run that waits for an answer. */
export type PendingRun = NonNullable<Types.ExplorerPendingQuery['pendingApprovals']>['nodes'][number];
export type Answered = NonNullable<Types.ExplorerAnswerMutation['answerApproval']>;

/** Runs that wait for an answer. Their tool calls are read only where they are shown, since they cost look-ups. */
export const PENDING = documentOf<'ExplorerPending'>(`query ExplorerPending(
  $withCalls: Boolean = true
  $agentIds: [ID!]
  $conversationId: ID
  $asks: [ApprovalAsks!] = [PERSON, UNKNOWN]
) {
  pendingApprovals(agentIds: $agentIds, conversationId: $conversationId, asks: $asks) {
    nodes {
      ...ExplorerRow
      conversationId
      agent @include(if: $withCalls) { name }
      approval @include(if: $withCalls) {
        requestedAt
        toolCalls { name arguments }
      }
    }
    isComplete
  }
}
${ROW}`);

/** What one run waits for. */
export const PAUSE_OF = documentOf<'ExplorerPauseOf'>(`query ExplorerPauseOf($id: ID!) {
  run(id: $id) {
    ...ExplorerRow
    approval { ...ExplorerPause }
  }
}
${ROW}
${PAUSE}`);

export const ANSWER =
  documentOf<'ExplorerAnswer'>(`mutation ExplorerAnswer($runId: ID!, $answers: [ApprovalAnswerInput!]!) {
  answerApproval(runId: $runId, answers: $answers) {
    run { id }
    isProven
    failure { message }
  }
}`);
