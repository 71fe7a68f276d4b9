import type { Ask } from './load.ts';

/** What every GraphQL server is asked for, as a client with variables would. */
const PAGE_QUERY = `query Page($first: Int, $after: String) {
  runs(first: $first, after: $after) {
    edges {
      cursor
      node {
        id status createdAt completedAt agentId conversationId background stopReason
        totalDurationNs ttftNs metadata
        requestConfig { useAssistantMessage assistantMessageToolName }
        callbackUrl callbackStatusCode
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** The same rows in the schema that Hive makes of the OpenAPI document, which has no connection. */
const LIST_QUERY = `query List($limit: PositiveInt) {
  list_runs(limit: $limit) {
    id status created_at completed_at agent_id conversation_id background stop_reason
    total_duration_ns ttft_ns metadata
    request_config { use_assistant_message assistant_message_tool_name }
    callback_url callback_status_code
  }
}`;

export function askForPage(first: number, after?: string): Ask {
  return { path: '/graphql', body: JSON.stringify({ query: PAGE_QUERY, variables: { first, after } }) };
}

export function askForGeneratedList(limit: number): Ask {
  return { path: '/graphql', body: JSON.stringify({ query: LIST_QUERY, variables: { limit } }) };
}

/** Of the REST list. */
export function askForRest(limit: number): Ask {
  return { path: `/v1/runs/?limit=${limit}` };
}
