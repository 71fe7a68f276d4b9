import type * as Types from '../__generated__/graphql.ts';
import { documentOf, ROW } from './runs.ts';

export type Facts = NonNullable<Types.ExplorerRunQuery['run']>;
export type Pause = Types.ExplorerPauseFragment;
export type Step = Types.ExplorerStepsFragment['nodes'][number];
type AnyMessage = Types.ExplorerMessagesFragment['nodes'][number];
type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key extends PropertyKey> =
  Union extends Readonly<Record<Key, infer Value>> ? Value : never;
/** A message; fields that only some types have are optional. */
export type Message = AnyMessage & { readonly [Key in KeyOf<AnyMessage>]?: ValueOf<AnyMessage, Key> };

/** What a run paused for. */
export const PAUSE = `
fragment ExplorerPause on RunPause {
  state
  isAnswerSent
  reason
  requestedAt
  toolCalls { toolCallId name arguments asks }
  decisions { toolCallId approve reason }
  answeredBy { id }
}`;

/** What the pages of runs and conversations show alike. */
export const DETAILS = `
${PAUSE}
fragment ExplorerMessages on RunMessageConnection {
  nodes {
    id
    messageType
    date
    runId
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

/** Everything that the page of a run shows: its fields, and pages of its steps and messages. */
export const RUN = documentOf<'ExplorerRun'>(`query ExplorerRun(
  $id: ID!
  $withItems: Boolean = true
  $withOrigin: Boolean = true
  $steps: Int = 50
  $stepsBefore: String
  $messages: Int = 100
  $messagesBefore: String
) {
  mayWrite @skip(if: $withItems)
  run(id: $id) {
    ...ExplorerFacts
    failure {
      message
      code
      source
      step { index errorData }
      toolError @include(if: $withItems) { toolName message }
    }
    approval @include(if: $withItems) { ...ExplorerPause }
    turn @include(if: $withOrigin) { runs { id } isComplete }
    steps(last: $steps, before: $stepsBefore) @include(if: $withItems) { ...ExplorerSteps }
    messages(last: $messages, before: $messagesBefore) @include(if: $withItems) { ...ExplorerMessages }
  }
}
${ROW}
${DETAILS}
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
  requestConfig { includeReturnMessageTypes }
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
}
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
}`);
