import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { print } from 'graphql';
import type { Answer } from '../support/execute.ts';
import { apollo, NEIGHBOURHOODS } from './composers.ts';
import type { Subgraph } from './neighbours.ts';

/** Plans an operation over several subgraphs, which all live in this process. */
export interface Router extends AsyncDisposable {
  execute<Data>(query: string): Promise<Answer<Data>>;
}

const POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

/** Starts Hive Gateway over subgraphs by their names, whose addresses are such as `http://runs.test/graphql`. */
export async function startRouter(subgraphs: Readonly<Record<string, Subgraph>>): Promise<Router> {
  const runtime = createGatewayRuntime({
    supergraph: apollo(NEIGHBOURHOODS['with both']).supergraphSdl ?? '',
    logging: false,
    maskedErrors: false,
    // The one that Hive Gateway brings for itself, @graphql-mesh/transport-http, is a package of its own.
    transports: {
      http: {
        getSubgraphExecutor:
          ({ transportEntry: { location = '' } }) =>
          async ({ document, variables }) => {
            const subgraph = subgraphs[new URL(location).hostname.replace(/\.test$/, '')];
            if (subgraph === undefined) throw new Error(`Nobody lives at ${location}`);
            const body = JSON.stringify({ query: print(document), variables });
            return JSON.parse(await (await subgraph(new Request(location, { ...POST, body }))).text());
          },
      },
    },
  });
  return {
    async execute(query) {
      const body = JSON.stringify({ query });
      const response = await runtime.fetch('http://router.test/graphql', { ...POST, body });
      return JSON.parse(await response.text());
    },
    [Symbol.asyncDispose]: async () => runtime[Symbol.asyncDispose](),
  };
}
