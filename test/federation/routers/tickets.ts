import { serve, type Subgraph } from '../neighbours.ts';

/** A subgraph that points to runs and agents by their ids, and knows something of its own about both. */
export const TICKETS_SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])

  type Ticket {
    title: String!
    run: Run!
    agent: Agent!
  }

  type Run @key(fields: "id") {
    id: ID!
    ticket: String
  }

  type Agent @key(fields: "id") {
    id: ID!
    owner: String
  }

  type Query {
    tickets(first: Int!): [Ticket!]!
    team: String
  }
`;

export const ticketOf = (runId: string): string => `Ticket on ${runId}`;
export const ownerOf = (agentId: string): string => `Owner of ${agentId}`;

/** @param runs one ticket for each, in their order */
export function createTickets(runs: readonly { readonly id: string; readonly agent_id: string }[]): Subgraph {
  return serve(TICKETS_SDL, {
    Run: { ticket: ({ id }: { id: string }) => ticketOf(id) },
    Agent: { owner: ({ id }: { id: string }) => ownerOf(id) },
    Query: {
      team: () => 'support',
      tickets: (_root: unknown, { first }: { first: number }) =>
        runs.slice(0, first).map(({ id, agent_id }) => ({
          title: ticketOf(id),
          run: { id },
          agent: { id: agent_id },
        })),
    },
  });
}
