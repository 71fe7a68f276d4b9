/** A team that has agents of its own: it knows them all, and takes over every field that describes them. */
export const OWNER_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@override"])

  scalar DateTime

  type Agent @key(fields: "id") {
    id: ID!
    name: String @override(from: "runs")
    description: String @override(from: "runs")
    tags: [String!] @override(from: "runs")
    createdAt: DateTime @override(from: "runs")
    owner: String
  }

  type Query {
    ownedAgent(id: ID!): Agent
  }
`;

/** A team that has the same fields as ours, from the same place. */
export const SHARING_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])

  type Agent @key(fields: "id") {
    id: ID!
    name: String @shareable
    model: String @shareable
  }

  type Query {
    myAgents: [Agent!]!
  }
`;

/** A team whose fields are neither taken over nor shared. */
export const CONFLICTING_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])

  type Agent @key(fields: "id") {
    id: ID!
    name: String
  }

  type AgentEdge {
    node: Agent
  }

  type AgentConnection {
    edges: [AgentEdge!]!
  }

  type Query {
    agent(id: ID!): Agent
    agents: AgentConnection
  }
`;
