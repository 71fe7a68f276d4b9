import process from 'node:process';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { RUNS, type RunConnection, type RunFilters, type Variables } from './runs-query.ts';

const PAGE_SIZE = 50;

/** A client whose cache joins the pages of a list; filters are part of what list it is. */
function createClient(url: string): Client {
  return new Client({
    url,
    exchanges: [cacheExchange({ resolvers: { Query: { runs: relayPagination() } } }), fetchExchange],
  });
}

/** The list as the cache has it after this page: all pages so far. */
async function load(client: Client, variables: Variables): Promise<RunConnection> {
  const { data, error } = await client.query(RUNS, variables).toPromise();
  if (error !== undefined || data === undefined) throw error ?? new Error('The gateway sent nothing.');
  return data.runs;
}

/** The ids of all runs, asked for from the start of the list. */
export async function walkForward(url: string, filters: RunFilters = {}): Promise<string[]> {
  const client = createClient(url);
  let list = await load(client, { ...filters, first: PAGE_SIZE });
  while (list.pageInfo.hasNextPage) {
    list = await load(client, { ...filters, first: PAGE_SIZE, after: list.pageInfo.endCursor });
  }
  return list.edges.map(({ node }) => node.id);
}

/** The ids of all runs in the same order, asked for from the end of the list. */
export async function walkBackward(url: string, filters: RunFilters = {}): Promise<string[]> {
  const client = createClient(url);
  let list = await load(client, { ...filters, last: PAGE_SIZE });
  while (list.pageInfo.hasPreviousPage) {
    list = await load(client, { ...filters, last: PAGE_SIZE, before: list.pageInfo.startCursor });
  }
  return list.edges.map(({ node }) => node.id);
}

if (import.meta.main) {
  const url = process.argv[2] ?? process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';
  const filters = { statuses: ['FAILED'] };
  const [forward, backward] = [await walkForward(url, filters), await walkBackward(url, filters)];
  process.stdout.write(`${forward.length} failed runs, the newest is ${forward[0]}.\n`);
  process.stdout.write(`${backward.length} when asked for from the end, the oldest is ${backward.at(-1)}.\n`);
}
