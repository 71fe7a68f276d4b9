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
    "\n  query RunsPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $statuses: [RunStatus!]\n    $agentId: ID\n    $backward: Boolean!\n  ) {\n    runs(first: $first, after: $after, last: $last, before: $before, statuses: $statuses, agentId: $agentId) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          status\n          stopReason\n          createdAt\n        }\n      }\n      pageInfo {\n        # The flag of the other side may cost the gateway a request more.\n        hasNextPage @skip(if: $backward)\n        hasPreviousPage @include(if: $backward)\n      }\n    }\n  }\n": typeof types.RunsPageDocument,
};
const documents: Documents = {
    "\n  query RunsPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $statuses: [RunStatus!]\n    $agentId: ID\n    $backward: Boolean!\n  ) {\n    runs(first: $first, after: $after, last: $last, before: $before, statuses: $statuses, agentId: $agentId) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          status\n          stopReason\n          createdAt\n        }\n      }\n      pageInfo {\n        # The flag of the other side may cost the gateway a request more.\n        hasNextPage @skip(if: $backward)\n        hasPreviousPage @include(if: $backward)\n      }\n    }\n  }\n": types.RunsPageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RunsPage(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $statuses: [RunStatus!]\n    $agentId: ID\n    $backward: Boolean!\n  ) {\n    runs(first: $first, after: $after, last: $last, before: $before, statuses: $statuses, agentId: $agentId) {\n      edges {\n        cursor\n        node {\n          id\n          agentId\n          status\n          stopReason\n          createdAt\n        }\n      }\n      pageInfo {\n        # The flag of the other side may cost the gateway a request more.\n        hasNextPage @skip(if: $backward)\n        hasPreviousPage @include(if: $backward)\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RunsPageDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
