import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { print } from 'graphql';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { apollo, NEIGHBOURHOODS, theGuild } from './composers.ts';
import { createCatalog, createNotes, type Subgraph } from './neighbours.ts';

const services = NEIGHBOURHOODS['with both'] ?? [];
const SUPERGRAPHS = [
  ['Apollo', apollo(services).supergraphSdl ?? ''],
  ['The Guild', theGuild(services).supergraphSdl ?? ''],
] as const;

const DETAILS = `
  cost { amount currency isComplete }
  steps(first: 5) { nodes { toolNames cost { amount } timing { startedAt totalNs modelNs toolNs } } }`;
const STATS = `{ runStats { cost(first: 20) { amount currency isComplete } } runs(first: 5) { nodes { id ${DETAILS} } } }`;

it.each(SUPERGRAPHS)(
  "Through Hive Gateway, with %s's supergraph, costs and timings are those of the subgraph, also of entities",
  async (_composer, supergraph) => {
    await using gateway = await createGateway();
    const direct = await execute<{ runs: { nodes: readonly { id: string }[] } }, object>(gateway, STATS);
    expect(direct.errors).toBeUndefined();
    const [first] = direct.data?.runs.nodes ?? [];
    const subgraphs: Readonly<Record<string, Subgraph>> = {
      runs: gateway.fetch,
      catalog: createCatalog(),
      notes: createNotes({ favoriteAgents: [], pinnedRun: first?.id ?? null }),
    };
    await using router = createGatewayRuntime({
      supergraph,
      logging: false,
      maskedErrors: false,
      transports: {
        http: {
          getSubgraphExecutor:
            ({ transportEntry: { location = '' } }) =>
            async ({ document, variables }) => {
              const request = new Request(location, {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ query: print(document), variables }),
              });
              const answer = await subgraphs[new URL(location).hostname.replace(/\.test$/, '')]?.(request);
              return JSON.parse((await answer?.text()) ?? '');
            },
        },
      },
    });
    const ask = async (query: string): Promise<unknown> => {
      const response = await router.fetch('http://router.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return response.json();
    };
    expect(await ask(STATS)).toEqual({ data: direct.data });
    expect(await ask(`{ pinnedRun { id ${DETAILS} } }`)).toEqual({ data: { pinnedRun: first } });
  },
);
