import type * as Types from '../__generated__/graphql.ts';
import { type Document, ROW } from './runs.ts';

export type Facts = Types.ExplorerFactsFragment;
export type Step = Types.ExplorerStepsFragment['nodes'][number];
type AnyMessage = Types.ExplorerMessagesFragment['nodes'][number];
type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key extends PropertyKey> =
  Union extends Readonly<Record<Key, infer Value>> ? Value : never;
/** A message, in which what only some types have may be missing. */
export type Message = AnyMessage & { readonly [Key in KeyOf<AnyMessage>]?: ValueOf<AnyMessage, Key> };

const FACTS = `${ROW}
fragment ExplorerFacts on Run {
  ...ExplorerRow
  ttftNs
  background
  agent { name }
  conversationId
  baseTemplateId
  callbackUrl
  callbackSentAt
  callbackStatusCode
  callbackError
  metadata
  metrics { startedAt durationNs }
  cost { amount currency isComplete }
  usage {
    totalTokens
    promptTokens
    completionTokens
    cachedInputTokens
    reasoningTokens
    byModel { model stepCount }
  }
}`;

const ITEMS = `
fragment ExplorerSteps on RunStepConnection {
  nodes {
    id
    index
    status
    rawStatus
    stopReason
    model
    promptTokens
    totalTokens
    errorType
    errorData
    toolNames
    timing { startedAt totalNs modelNs toolNs }
  }
  pageInfo { hasPreviousPage startCursor }
}
fragment ExplorerMessages on RunMessageConnection {
  nodes {
    id
    messageType
    date
    stepId
    isError
    ... on RunContentMessage {
      text
      parts { __typename }
    }
    ... on RunReasoningMessage { reasoning }
    ... on RunHiddenReasoningMessage { state }
    ... on RunToolCallMessage {
      toolCalls { ...ExplorerCall }
    }
    ... on RunApprovalRequestMessage {
      toolCalls { ...ExplorerCall }
    }
    ... on RunToolReturnMessage {
      toolReturns { ...ExplorerResult }
    }
    ... on RunApprovalResponseMessage {
      approvals { toolCallId approve reason }
      toolReturns { ...ExplorerResult }
    }
    ... on RunSummaryMessage { summary }
    ... on RunEventMessage { eventType eventData }
    ... on RunUnrecognizedMessage { raw }
  }
  pageInfo { hasPreviousPage startCursor }
}
fragment ExplorerCall on RunToolCall {
  id
  name
  arguments
}
fragment ExplorerResult on RunToolReturn {
  toolCallId
  status
  content
  stdout
  stderr
}`;

/** All that the page shows of a run, as its raw JSON and in GraphiQL. */
export const RUN: Document<Types.ExplorerRunQuery, Types.ExplorerRunQueryVariables> = {
  text: `query ExplorerRun($id: ID!) {
  run(id: $id) {
    ...ExplorerFacts
    steps(last: 50) { ...ExplorerSteps }
    messages(last: 100) { ...ExplorerMessages }
  }
}
${FACTS}${ITEMS}`,
};

export const RUN_FACTS: Document<Types.ExplorerRunFactsQuery, Types.ExplorerRunFactsQueryVariables> = {
  text: `query ExplorerRunFacts($id: ID!) {
  run(id: $id) { ...ExplorerFacts }
}
${FACTS}`,
};

/** A page of the steps of a run, or of its messages. */
export const RUN_ITEMS: Document<Types.ExplorerRunItemsQuery, Types.ExplorerRunItemsQueryVariables> = {
  text: `query ExplorerRunItems($id: ID!, $last: Int!, $before: String, $steps: Boolean!, $messages: Boolean!) {
  run(id: $id) {
    steps(last: $last, before: $before) @include(if: $steps) { ...ExplorerSteps }
    messages(last: $last, before: $before) @include(if: $messages) { ...ExplorerMessages }
  }
}
${ITEMS}`,
};
