import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Executor } from '@graphql-tools/utils';
import { getOperationAST, print } from 'graphql';
import { createClient } from 'graphql-sse';
import type { Answer } from '../support/execute.ts';
import { apollo, NEIGHBOURHOODS, theGuild } from './composers.ts';
import type { Subgraph } from './neighbours.ts';

/** Something that plans an operation over several subgraphs, which all live in this process. */
export interface Router extends AsyncDisposable {
  execute<Data>(query: string): Promise<Answer<Data>>;
  readonly subscribe: (query: string) => AsyncIterableIterator<Answer<unknown>>;
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

/** Subscribes by server-sent events. */
function subscribeTo(
  send: (url: string, init: RequestInit) => Promise<Response>,
  url: string,
  query: string,
): AsyncIterableIterator<Answer<unknown>> {
  const fetchFn = (input: unknown, init: RequestInit) => send(String(input), init);
  const events = createClient({ url, fetchFn, retryAttempts: 0 }).iterate({ query });
  return events as AsyncIterableIterator<Answer<unknown>>;
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
      const query = print(document);
      if (getOperationAST(document)?.operation.valueOf() === 'subscription')
        return subscribeTo((input, init) => callSubgraph(subgraphs, input, init), url, query) as never;
      const body = JSON.stringify({ query, variables });
      const response = await callSubgraph(subgraphs, url, { ...POST, body });
      return JSON.parse(await response.text());
    };
  return {
    async execute(query) {
      const body = JSON.stringify({ query });
      const response = await runtime.fetch('http://router.test/graphql', { ...POST, body });
      return JSON.parse(await response.text());
    },
    subscribe: (query) =>
      subscribeTo(async (url, init) => runtime.fetch(url, init), 'http://router.test/graphql', query),
    [Symbol.asyncDispose]: async () => runtime[Symbol.asyncDispose](),
  };
};

const services = NEIGHBOURHOODS['with both'];
const [ofApollo, ofTheGuild] = [apollo, theGuild].map((compose) => compose(services).supergraphSdl ?? '');

/** Each router with the supergraph of a composer: its name, and how it starts. */
export const ROUTERS: readonly (readonly [name: string, start: (subgraphs: Subgraphs) => Promise<Router>])[] =
  [
    ['Hive Gateway', (subgraphs) => startHiveGateway(ofApollo ?? '', subgraphs)],
    [
      "Hive Gateway, with The Guild's supergraph",
      (subgraphs) => startHiveGateway(ofTheGuild ?? '', subgraphs),
    ],
  ];
