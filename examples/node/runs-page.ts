import { graphql } from './__generated__/index.ts';

export const RunsPage = graphql(`
  query RunsPage(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $statuses: [RunStatus!]
    $agentId: ID
    $backward: Boolean!
  ) {
    runs(first: $first, after: $after, last: $last, before: $before, statuses: $statuses, agentId: $agentId) {
      edges {
        cursor
        node {
          id
          agentId
          status
          stopReason
          createdAt
        }
      }
      pageInfo {
        # The flag of the other side may cost the gateway a request more.
        hasNextPage @skip(if: $backward)
        hasPreviousPage @include(if: $backward)
      }
    }
  }
`);
