import type * as Types from '../__generated__/graphql.ts';
import { type Document, ROW } from './runs.ts';

/** A run that waits for an answer. */
export type PendingRun = NonNullable<Types.ExplorerPendingQuery['pendingApprovals']>['nodes'][number];
export type Answered = NonNullable<Types.ExplorerAnswerMutation['answerApproval']>;

/** Runs that wait for an answer, each with what it asks. */
export const PENDING: Document<Types.ExplorerPendingQuery, Types.ExplorerPendingQueryVariables> = {
  text: `query ExplorerPending(
  $first: Int = 20
  $agentIds: [ID!]
  $conversationId: ID
  $asks: [ApprovalAsks!] = [PERSON, UNKNOWN]
) {
  pendingApprovals(first: $first, agentIds: $agentIds, conversationId: $conversationId, asks: $asks) {
    nodes {
      ...ExplorerRow
      conversationId
      agent { name }
      approval {
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
