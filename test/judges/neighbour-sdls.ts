const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@override"])';

/** A team that has agents of its own: it knows them all, and takes over what describes them. */
export const OWNER_SDL = `${LINK}
  type Agent @key(fields: "id") { id: ID! name: String @override(from: "runs") tags: [String!] @override(from: "runs") owner: String }
  type Query { ownedAgent(id: ID!): Agent }`;

/** A team whose fields are neither taken over nor shared. */
export const CONFLICTING_SDL = `${LINK}
  type Agent @key(fields: "id") { id: ID! name: String }
  type AgentEdge { node: Agent }
  type AgentConnection { edges: [AgentEdge!]! }
  type Query { agent(id: ID!): Agent agents: AgentConnection }`;

/** Subgraphs that compose with ours, although they mean something else by names of ours, or return our values. */
export const COMPOSING: Readonly<Record<string, string>> = {
  'fields of agents like ours': `${LINK}
    type Agent @key(fields: "id") { id: ID! name: String @shareable model: String @shareable }
    type Query { myAgents: [Agent!]! }`,
  'an edge and a step of ours': `${LINK}
    type Run @key(fields: "id", resolvable: false) { id: ID! }
    type RunEdge @shareable { cursor: String! node: Run! }
    type RunStep @key(fields: "id", resolvable: false) { id: ID! }
    type Query { pinnedEdge: RunEdge slowestStep: RunStep }`,
  'counts and a page of ours': `${LINK}
    enum RunCountPrecision { EXACT AT_LEAST }
    type RunCount @shareable { value: Int! precision: RunCountPrecision! }
    type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    type Query { countOfRuns: RunCount lastPage: PageInfo }`,
  'a Node with more fields': `${LINK}
    interface Node { id: ID! }
    type Thing implements Node @key(fields: "id") { id: ID! }
    type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }`,
  'scalars with other directives': `${LINK}
    "Theirs." scalar DateTime @specifiedBy(url: "https://example.test/date-time") @tag(name: "theirs")
    scalar JSON @tag(name: "theirs")
    type Query { now: DateTime anything: JSON }`,
  'a TimeUnit of which we have some values': `${LINK}
    enum TimeUnit { DAY WEEK MONTH }
    type Query { reports(every: TimeUnit!): [String!] }`,
  'a MetadataFilter like ours, with an optional field more': `${LINK}
    scalar JSON
    input MetadataFilter { path: String! equals: JSON exists: Boolean startsWith: String }
    type Query { documents(metadata: [MetadataFilter!]): [String!] }`,
};
