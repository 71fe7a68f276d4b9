import type * as Types from '../__generated__/graphql.ts';
import { type Document, ROW } from './runs.ts';

/** A run that waits for an answer. */
export type PendingRun = NonNullable<Types.ExplorerPendingQuery['pendingApprovals']>['nodes'][number];
export type Answered = NonNullable<Types.ExplorerAnswerMutation['answerApproval']>;

/** Runs that wait for an answer; with what each asks only where that is shown, since it costs look-ups. */
export const PENDING: Document<Types.ExplorerPendingQuery, Types.ExplorerPendingQueryVariables> = {
  text: `query ExplorerPending(
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
${ROW}`,
};

export const ANSWER: Document<Types.ExplorerAnswerMutation, Types.ExplorerAnswerMutationVariables> = {
  text: `mutation ExplorerAnswer($runId: ID!, $answers: [ApprovalAnswerInput!]!) {
  answerApproval(runId: $runId, answers: $answers) {
    run { id }
    isProven
    failure { message }
  }
}`,
};
