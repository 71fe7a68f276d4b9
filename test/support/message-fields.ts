/** Every field of every kind of message, for a query. */
export const MESSAGE_FIELDS = `
  __typename id messageId date messageType name otid senderId runId stepId isError
  ... on RunContentMessage { text parts { ...Part } }
  ... on RunReasoningMessage { reasoning source signature }
  ... on RunHiddenReasoningMessage { state hiddenReasoning }
  ... on RunToolCallMessage { toolCalls { id name arguments } }
  ... on RunToolReturnMessage { toolReturns { ...Return } }
  ... on RunApprovalRequestMessage { toolCalls { id name arguments } }
  ... on RunApprovalResponseMessage { approvals { toolCallId approve reason } toolReturns { ...Return } }
  ... on RunSummaryMessage { summary compactionStats }
  ... on RunEventMessage { eventType eventData }
  ... on RunUnrecognizedMessage { raw }
`;

/** The fragments that {@link MESSAGE_FIELDS} needs. */
export const MESSAGE_FRAGMENTS = `
  fragment Part on RunMessagePart {
    __typename
    ... on RunTextPart { text signature }
    ... on RunImagePart { sourceType fileId url mediaType data detail }
    ... on RunUnrecognizedPart { raw }
  }
  fragment Return on RunToolReturn { toolCallId status content parts { ...Part } stdout stderr }
`;
