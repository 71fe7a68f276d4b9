import { hash } from 'node:crypto';
import process from 'node:process';
import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import manifest from './__generated__/persisted-documents.json' with { type: 'json' };
import { FILTERS, type PageInfo, RUNS, type RunFilters, type Variables } from './runs-query.ts';

const PAGE_SIZE = 50;

/**
 * How queries are sent: as texts; by the ids in `__generated__/persisted-documents.json`; or by hashes,
 * and as texts where the gateway doesn't know them (automatic persisted queries).
 */
export type Sending = 'texts' | 'ids' | 'hashes';

const LINKS = {
  ids: () => new PersistedQueryLink(generatePersistedQueryIdsFromManifest({ loadManifest: () => manifest })),
  hashes: () =>
    new PersistedQueryLink({ sha256: (text) => hash('sha256', text), useGETForHashedQueries: true }),
} satisfies Record<Exclude<Sending, 'texts'>, () => ApolloLink>;

/** A client whose cache keeps each list of runs as one, however many pages it came in. */
function createClient(url: string, sending: Sending = 'texts'): ApolloClient {
  const http = new HttpLink({ uri: url });
  return new ApolloClient({
    link: sending === 'texts' ? http : LINKS[sending]().concat(http),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { runs: relayStylePagination(FILTERS) } } },
    }),
  });
}

/** Fetches page after page, and returns the ids of the one list that the cache has made of them. */
async function walk(
  client: ApolloClient,
  variables: Variables,
  pageBeyond: (pageInfo: PageInfo) => Variables | undefined,
): Promise<string[]> {
  await client.query({ query: RUNS, variables });
  const query = client.watchQuery({ query: RUNS, variables });
  while (true) {
    const list = client.readQuery({ query: RUNS, variables })?.runs;
    if (list === undefined) throw new Error('The list is not in the cache.');
    const next = pageBeyond(list.pageInfo);
    if (next === undefined) return list.edges.map(({ node }) => node.id);
    await query.fetchMore({ variables: next });
  }
}

/** The ids of all runs, asked for from the start of the list. */
export async function walkForward(
  url: string,
  filters: RunFilters = {},
  sending?: Sending,
): Promise<string[]> {
  return walk(createClient(url, sending), { ...filters, first: PAGE_SIZE }, ({ hasNextPage, endCursor }) =>
    hasNextPage ? { first: PAGE_SIZE, after: endCursor } : undefined,
  );
}

/** The ids of all runs in the same order, asked for from the end of the list. */
export async function walkBackward(url: string, filters: RunFilters = {}): Promise<string[]> {
  return walk(createClient(url), { ...filters, last: PAGE_SIZE }, ({ hasPreviousPage, startCursor }) =>
    hasPreviousPage ? { last: PAGE_SIZE, before: startCursor } : undefined,
  );
}

if (import.meta.main) {
  const url = process.argv[2] ?? process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';
  const filters = { statuses: ['FAILED'] };
  const [forward, backward] = [await walkForward(url, filters), await walkBackward(url, filters)];
  process.stdout.write(`${forward.length} failed runs, the newest is ${forward[0]}.\n`);
  process.stdout.write(`${backward.length} when asked for from the end, the oldest is ${backward.at(-1)}.\n`);
}
