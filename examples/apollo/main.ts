import process from 'node:process';
import { gql, type TypedDocumentNode } from '@apollo/client';
import { createClient, type Sending } from './client.ts';

interface RunFilters {
  readonly statuses?: readonly string[];
  readonly agentId?: string;
}

interface Data {
  readonly runs: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const RUNS: TypedDocumentNode<Data, RunFilters & { readonly first: number; readonly after?: string | null }> =
  gql`
    query Runs($first: Int!, $after: String, $statuses: [RunStatus!], $agentId: ID) {
      runs(first: $first, after: $after, statuses: $statuses, agentId: $agentId) {
        edges {
          cursor
          node {
            id
            status
            createdAt
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `;

/** Fetches page after page. Returns the ids of the one list that the cache has made of them. */
export async function walkForward(
  url: string,
  filters: RunFilters = {},
  sending?: Sending,
): Promise<string[]> {
  const client = createClient(url, sending);
  const variables = { ...filters, first: 50 };
  await client.query({ query: RUNS, variables });
  const pages = client.watchQuery({ query: RUNS, variables });
  for (;;) {
    const list = client.readQuery({ query: RUNS, variables })?.runs;
    if (list === undefined) throw new Error('The list is not in the cache.');
    const { hasNextPage, endCursor } = list.pageInfo;
    if (!hasNextPage) return list.edges.map(({ node }) => node.id);
    await pages.fetchMore({ variables: { ...variables, after: endCursor } });
  }
}

if (import.meta.main) {
  const url = process.argv[2] ?? process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';
  const ids = await walkForward(url, { statuses: ['FAILED'] });
  process.stdout.write(`${ids.length} failed runs, the newest is ${ids[0]}.\n`);
}
