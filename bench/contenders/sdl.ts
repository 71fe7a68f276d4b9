import type { WireRun } from './upstream-runs.ts';

/** The part of the gateway's schema that is measured, for servers that take a schema as text. */
export const typeDefs = /* GraphQL */ `
  scalar JSON
  type Query {
    runs(first: Int = 100, after: String): RunConnection!
    run(id: ID!): Run
  }
  type RunConnection {
    edges: [RunEdge!]!
    pageInfo: PageInfo!
  }
  type RunEdge {
    cursor: String!
    node: Run!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  enum RunStatus {
    created
    running
    completed
    failed
    cancelled
  }
  type Run {
    id: ID!
    status: RunStatus!
    createdAt: String!
    completedAt: String
    agentId: ID!
    conversationId: ID
    background: Boolean
    stopReason: String
    totalDurationNs: Float
    ttftNs: Float
    metadata: JSON
    requestConfig: RunRequestConfig
    callbackUrl: String
    callbackStatusCode: Int
  }
  type RunRequestConfig {
    useAssistantMessage: Boolean!
    assistantMessageToolName: String!
  }
`;

/** Where the names differ from those of REST. */
export const fieldResolvers = {
  Run: {
    createdAt: (run: WireRun) => run.created_at,
    completedAt: (run: WireRun) => run.completed_at,
    agentId: (run: WireRun) => run.agent_id,
    conversationId: (run: WireRun) => run.conversation_id,
    stopReason: (run: WireRun) => run.stop_reason,
    totalDurationNs: (run: WireRun) => run.total_duration_ns,
    ttftNs: (run: WireRun) => run.ttft_ns,
    requestConfig: (run: WireRun) => run.request_config,
    callbackUrl: (run: WireRun) => run.callback_url,
    callbackStatusCode: (run: WireRun) => run.callback_status_code,
  },
  RunRequestConfig: {
    useAssistantMessage: (config: NonNullable<WireRun['request_config']>) => config.use_assistant_message,
    assistantMessageToolName: (config: NonNullable<WireRun['request_config']>) =>
      config.assistant_message_tool_name,
  },
};

/** The page of rows that were read with one more. */
export function connectionOf(rows: readonly WireRun[], first: number): object {
  const page = rows.slice(0, first);
  return {
    edges: page.map((node) => ({ cursor: node.id, node })),
    pageInfo: { hasNextPage: rows.length > first, endCursor: page.at(-1)?.id ?? null },
  };
}
