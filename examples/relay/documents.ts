import { graphql } from 'relay-runtime';

/**
 * What relay-compiler reads and writes to `__generated__`. Nothing calls this: a bundler's plugin
 * would put the artifacts here, and without one the program imports them by itself.
 */
export const documents = () => [
  graphql`
    query RunsQuery($count: Int!, $statuses: [RunStatus!], $agentId: ID) {
      ...RunList @arguments(count: $count, statuses: $statuses, agentId: $agentId)
    }
  `,
  graphql`
    fragment RunList on Query
    @argumentDefinitions(
      count: { type: "Int!" }
      cursor: { type: "String" }
      statuses: { type: "[RunStatus!]" }
      agentId: { type: "ID" }
    )
    @refetchable(queryName: "RunsPageQuery") {
      runs(first: $count, after: $cursor, statuses: $statuses, agentId: $agentId)
        @connection(key: "RunList_runs") {
        edges {
          node {
            id
            ...RunRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  graphql`
    fragment RunRow on Run @refetchable(queryName: "RunQuery") {
      id
      status
      createdAt
    }
  `,
  graphql`
    query RunMessagesQuery($id: ID!, $count: Int!) {
      run(id: $id) {
        ...RunMessages @arguments(count: $count)
      }
    }
  `,
  graphql`
    fragment RunMessages on Run
    @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
    @refetchable(queryName: "RunMessagesPageQuery") {
      messages(first: $count, after: $cursor) @connection(key: "RunMessages_messages") {
        edges {
          node {
            __typename
            id
            messageId
            stepId
            ... on RunContentMessage {
              text
            }
            ... on RunReasoningMessage {
              reasoning
            }
            ... on RunToolCallMessage {
              toolCalls {
                name
                arguments
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
];
