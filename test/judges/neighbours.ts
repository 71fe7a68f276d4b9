import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

/**
 * A subgraph that has everything that ours has and is not meant to share: `Node`, `node`, `nodes`, `rateLimit`,
 * scalars of the same names with other descriptions, a connection, a `PageInfo`.
 */
export const CATALOG_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

  "What a product was tagged with."
  scalar JSON

  "Whatever the catalog's database prints."
  scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")

  interface Node {
    id: ID!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Product implements Node @key(fields: "id") {
    id: ID!
    name: String!
    tags: JSON
    updatedAt: DateTime
  }

  type ProductEdge {
    cursor: String!
    node: Product!
  }

  type ProductConnection {
    edges: [ProductEdge!]!
    pageInfo: PageInfo!
  }

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    products(first: Int, after: String): ProductConnection!
    rateLimit: RateLimit!
  }

  type RateLimit {
    limit: String
    nodeCount: Int!
  }
`;

/** A subgraph with fields of its own on runs and agents, which it knows by their ids alone. */
export const NOTES_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])

  type Note {
    text: String!
    run: Run!
  }

  type Run @key(fields: "id") {
    id: ID!
    note: String
    notes: [Note!]
  }

  type Agent @key(fields: "id") {
    id: ID!
    displayName: String
  }

  type Reference {
    run: Run!
    agent: Agent!
  }

  type Query {
    references(first: Int!): [Reference!]!
    team: String
  }
`;

/** A subgraph in this process. */
export type Subgraph = (request: Request) => Promise<Response>;

const PRODUCTS = ['product-1', 'product-2'].map((id) => ({
  __typename: 'Product',
  id,
  name: `The ${id}`,
  tags: { of: id },
  updatedAt: '2026-01-31T09:30:00Z',
}));

export function createCatalog(): Subgraph {
  const byId = (id: string) => PRODUCTS.find((product) => product.id === id) ?? null;
  return serve(CATALOG_SDL, {
    Product: { __resolveReference: ({ id }: { id: string }) => byId(id) },
    Query: {
      node: (_root: unknown, { id }: { id: string }) => byId(id),
      nodes: (_root: unknown, { ids }: { ids: string[] }) => ids.map(byId),
      products: () => ({
        edges: PRODUCTS.map((node) => ({ cursor: node.id, node })),
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
      }),
    },
  });
}

export const noteText = (runId: string) => `Note on ${runId}`;
export const displayNameOf = (agentId: string) => `The ${agentId}`;

/** @param runs one reference for each */
export function createNotes(runs: readonly { readonly id: string; readonly agent_id: string }[]): Subgraph {
  return serve(NOTES_SDL, {
    Run: {
      note: ({ id }: { id: string }) => noteText(id),
      notes: (run: { id: string }) => [{ text: noteText(run.id), run }],
    },
    Agent: { displayName: ({ id }: { id: string }) => displayNameOf(id) },
    Query: {
      team: () => 'support',
      references: (_root: unknown, { first }: { first: number }) =>
        runs.slice(0, first).map(({ id, agent_id }) => ({ run: { id }, agent: { id: agent_id } })),
    },
  });
}

type Modules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;
type Resolvers = NonNullable<Extract<Modules[number], { typeDefs: unknown }>['resolvers']>;

function serve(sdl: string, resolvers: Resolvers): Subgraph {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const yoga = createYoga({ schema, logging: false, maskedErrors: false });
  return async (request) => yoga.fetch(request);
}
