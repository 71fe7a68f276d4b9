/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ExactPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $active: Boolean\n    $agentId: ID\n    $agentIds: [ID!]\n    $background: Boolean\n    $conversationId: ID\n    $order: SortOrder\n    $statuses: [RunStatus!]\n    $stopReason: StopReason\n  ) {\n    runs(\n      first: $first\n      after: $after\n      last: $last\n      before: $before\n      active: $active\n      agentId: $agentId\n      agentIds: $agentIds\n      background: $background\n      conversationId: $conversationId\n      order: $order\n      statuses: $statuses\n      stopReason: $stopReason\n    ) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          agent {\n            id\n          }\n          background\n          baseTemplateId\n          callbackError\n          callbackSentAt\n          callbackStatusCode\n          callbackUrl\n          completedAt\n          conversationId\n          createdAt\n          metadata\n          requestConfig {\n            assistantMessageToolKwarg\n            assistantMessageToolName\n            includeReturnMessageTypes\n            useAssistantMessage\n          }\n          status\n          rawStatus\n          stopReason\n          rawStopReason\n          totalDurationNs\n          ttftNs\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ExactPageDocument,
    "\n  query SomeCursors {\n    runs(first: 1000) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n    }\n  }\n": typeof types.SomeCursorsDocument,
    "\n  query WalkPage($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder) {\n    runs(first: $first, after: $after, last: $last, before: $before, order: $order) {\n      edges {\n        cursor\n        node {\n          id\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n      }\n    }\n  }\n": typeof types.WalkPageDocument,
};
const documents: Documents = {
    "\n  query ExactPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $active: Boolean\n    $agentId: ID\n    $agentIds: [ID!]\n    $background: Boolean\n    $conversationId: ID\n    $order: SortOrder\n    $statuses: [RunStatus!]\n    $stopReason: StopReason\n  ) {\n    runs(\n      first: $first\n      after: $after\n      last: $last\n      before: $before\n      active: $active\n      agentId: $agentId\n      agentIds: $agentIds\n      background: $background\n      conversationId: $conversationId\n      order: $order\n      statuses: $statuses\n      stopReason: $stopReason\n    ) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          agent {\n            id\n          }\n          background\n          baseTemplateId\n          callbackError\n          callbackSentAt\n          callbackStatusCode\n          callbackUrl\n          completedAt\n          conversationId\n          createdAt\n          metadata\n          requestConfig {\n            assistantMessageToolKwarg\n            assistantMessageToolName\n            includeReturnMessageTypes\n            useAssistantMessage\n          }\n          status\n          rawStatus\n          stopReason\n          rawStopReason\n          totalDurationNs\n          ttftNs\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ExactPageDocument,
    "\n  query SomeCursors {\n    runs(first: 1000) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n    }\n  }\n": types.SomeCursorsDocument,
    "\n  query WalkPage($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder) {\n    runs(first: $first, after: $after, last: $last, before: $before, order: $order) {\n      edges {\n        cursor\n        node {\n          id\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n      }\n    }\n  }\n": types.WalkPageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExactPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $active: Boolean\n    $agentId: ID\n    $agentIds: [ID!]\n    $background: Boolean\n    $conversationId: ID\n    $order: SortOrder\n    $statuses: [RunStatus!]\n    $stopReason: StopReason\n  ) {\n    runs(\n      first: $first\n      after: $after\n      last: $last\n      before: $before\n      active: $active\n      agentId: $agentId\n      agentIds: $agentIds\n      background: $background\n      conversationId: $conversationId\n      order: $order\n      statuses: $statuses\n      stopReason: $stopReason\n    ) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          agent {\n            id\n          }\n          background\n          baseTemplateId\n          callbackError\n          callbackSentAt\n          callbackStatusCode\n          callbackUrl\n          completedAt\n          conversationId\n          createdAt\n          metadata\n          requestConfig {\n            assistantMessageToolKwarg\n            assistantMessageToolName\n            includeReturnMessageTypes\n            useAssistantMessage\n          }\n          status\n          rawStatus\n          stopReason\n          rawStopReason\n          totalDurationNs\n          ttftNs\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ExactPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SomeCursors {\n    runs(first: 1000) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SomeCursorsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WalkPage($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder) {\n    runs(first: $first, after: $after, last: $last, before: $before, order: $order) {\n      edges {\n        cursor\n        node {\n          id\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WalkPageDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
