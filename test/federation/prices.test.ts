import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { sample } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { printed, pricedQueries } from '../support/priced-queries.ts';
import { staticPrice } from '../support/static-price.ts';
import { apollo, RUNS_SDL } from './composers.ts';

// It forgets the size of the one while it reads lists below the other.
const ofNodes = pricedQueries.filter((query) => !query.includes('edges'));

describe('Hive Gateway', () => {
  let estimate: (query: string) => Promise<unknown>;
  beforeAll(() => {
    const runtime = createGatewayRuntime({
      supergraph: apollo([{ name: 'runs', sdl: RUNS_SDL }]).supergraphSdl ?? '',
      logging: false,
      demandControl: { includeExtensionMetadata: true, maxCost: 1e9 },
      transports: { http: { getSubgraphExecutor: () => () => ({ data: null }) } },
    });
    estimate = async (query) => {
      const response = await runtime.fetch('http://router.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()).extensions.cost.estimated;
    };
    return () => runtime[Symbol.asyncDispose]();
  });

  it('reads the SDL so too, but counts each object that a field with a cost returns', async () => {
    for (const query of sample(ofNodes, { numRuns: 60, seed: 1 })) {
      expect(await estimate(query), query).toBe(staticPrice(query, printed, { addsTypes: true }));
    }
  });
});
