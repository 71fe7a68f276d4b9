import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Executor } from '@graphql-tools/utils';
import { parse, print } from 'graphql';
import type { Answer } from '../support/execute.ts';
import { apollo, NEIGHBOURHOODS, theGuild } from './composers.ts';
import type { Subgraph } from './neighbours.ts';

/** Something that plans an operation over several subgraphs, which all live in this process. */
export interface Router extends AsyncDisposable {
  execute<Data>(query: string): Promise<Answer<Data>>;
}

/** Subgraphs by their names. */
type Subgraphs = Readonly<Record<string, Subgraph>>;

type StartRouter = (supergraphSdl: string, subgraphs: Subgraphs) => Promise<Router>;

const POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

/** Calls the subgraph of an address such as `http://runs.test/graphql`, without a network. */
function callSubgraph(subgraphs: Subgraphs, url: string, init: RequestInit): Promise<Response> {
  const name = new URL(url).hostname.replace(/\.test$/, '');
  const subgraph = subgraphs[name];
  if (subgraph === undefined) throw new Error(`Nobody lives at ${url}`);
  return subgraph(new Request(url, init));
}

const startHiveGateway: StartRouter = async (supergraphSdl, subgraphs) => {
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    maskedErrors: false,
    // The one that Hive Gateway brings for itself, @graphql-mesh/transport-http, is a package of its own.
    transports: {
      http: { getSubgraphExecutor: ({ transportEntry }) => executorAt(transportEntry.location) },
    },
  });
  const executorAt =
    (url = ''): Executor =>
    async ({ document, variables }) => {
      const body = JSON.stringify({ query: print(document), variables });
      const response = await callSubgraph(subgraphs, url, { ...POST, body });
      return JSON.parse(await response.text());
    };
  return {
    async execute(query) {
      const body = JSON.stringify({ query });
      const response = await runtime.fetch('http://router.test/graphql', { ...POST, body });
      return JSON.parse(await response.text());
    },
    [Symbol.asyncDispose]: async () => runtime[Symbol.asyncDispose](),
  };
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const startApolloGateway: StartRouter = async (supergraphSdl, subgraphs) => {
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource({
        url,
        fetcher: (address, init) => callSubgraph(subgraphs, address, init as RequestInit),
      }),
  });
  const { schema, executor } = await gateway.load();
  return {
    async execute(query) {
      // What Apollo Server would hand over, as far as the executor looks at it.
      const context = {
        request: { query },
        document: parse(query),
        queryHash: query,
        operationName: null,
        schema,
        context: {},
        logger: silent,
        cache: new Map(),
        metrics: {},
      };
      return JSON.parse(JSON.stringify(await executor(context as never)));
    },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
};

const services = NEIGHBOURHOODS['with both'] ?? [];
const ofApollo = apollo(services).supergraphSdl ?? '';
const ofTheGuild = theGuild(services).supergraphSdl ?? '';

/** Each router with the supergraph of each composer: its name, how it starts, what it starts with. */
export const ROUTERS: readonly (readonly [string, StartRouter, string])[] = [
  ['Hive Gateway', startHiveGateway, ofApollo],
  ["Hive Gateway, with The Guild's supergraph", startHiveGateway, ofTheGuild],
  ['Apollo Gateway', startApolloGateway, ofApollo],
  ["Apollo Gateway, with The Guild's supergraph", startApolloGateway, ofTheGuild],
];
