import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { federateSubgraphsContract, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { assertObjectType, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printSubgraphSdl } from '../../src/schema/index.ts';
import { jsonPost } from '../support/execute.ts';
import { apollo, beside, COMPOSERS, NEIGHBOURHOODS, RUNS_SDL, urlOf } from './composers.ts';
import { COMPOSING, CONFLICTING_SDL, OWNER_SDL } from './neighbour-sdls.ts';
import { CATALOG_SDL } from './neighbours.ts';

function fieldsOf(api: GraphQLSchema | undefined, type: string): Record<string, string> {
  const fields = assertObjectType(api?.getType(type)).getFields();
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, String(field.type)]));
}

describe.each(COMPOSERS)('%s', (_name, compose) => {
  it.each(Object.entries(NEIGHBOURHOODS))('composes the subgraph %s', (_neighbourhood, services) => {
    const { errors, api } = compose(services);
    expect(errors).toEqual([]);
    expect(fieldsOf(api, 'Query')).toMatchObject({ runs: 'RunConnection', run: 'Run' });
    expect(fieldsOf(api, 'Mutation')).toMatchObject({ cancelRuns: 'CancelRunsPayload' });
    expect(fieldsOf(api, 'Agent')).toMatchObject({ id: 'ID!', runs: 'RunConnection' });
    expect(fieldsOf(api, 'RunConnection')).toMatchObject({ pageInfo: 'PageInfo!', nodes: '[Run!]!' });
  });

  it('leaves out node, nodes and the limit of the gateway where no neighbour has them', () => {
    for (const services of [NEIGHBOURHOODS.alone, NEIGHBOURHOODS['with notes']]) {
      const { api } = compose(services);
      for (const name of ['node', 'nodes', 'rateLimit'])
        expect(fieldsOf(api, 'Query')).not.toHaveProperty(name);
      expect(api?.getType('RateLimit')).toBeUndefined();
    }
  });

  it("keeps a neighbour's node, nodes and limit, and the fields that neighbours add", () => {
    const { api } = compose(NEIGHBOURHOODS['with both']);
    const ofNeighbours = { node: 'Node', nodes: '[Node]!', products: expect.any(String) };
    expect(fieldsOf(api, 'Query')).toMatchObject(ofNeighbours);
    expect(fieldsOf(api, 'RateLimit')).toEqual({ limit: 'String', nodeCount: 'Int!' });
    expect(fieldsOf(api, 'Run')).toMatchObject({ notes: '[Note!]', status: 'RunStatus!' });
    expect(fieldsOf(api, 'Agent')).toMatchObject({ displayName: 'String' });
  });

  it('makes the same types of our part, whatever the neighbours are', () => {
    const [alone, among] = [compose(NEIGHBOURHOODS.alone).api, compose(NEIGHBOURHOODS['with both']).api];
    for (const type of Object.values(alone?.getTypeMap() ?? {})) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      expect(fieldsOf(among, type.name)).toMatchObject(fieldsOf(alone, type.name));
    }
  });

  it.each(Object.entries(COMPOSING))('composes it with a neighbour that has %s', (_what, sdl) => {
    expect(compose(beside(sdl)).errors).toEqual([]);
  });

  it('lets a neighbour take over the fields of agents', () => {
    const { errors, api } = compose(beside(OWNER_SDL));
    expect(errors).toEqual([]);
    expect(fieldsOf(api, 'Agent')).toMatchObject({ name: 'String', model: 'String', owner: 'String' });
  });

  it('leaves agents to a neighbour where ours are a stub', () => {
    const { errors, api } = compose(beside(CONFLICTING_SDL, printSubgraphSdl({ agents: 'stub' })));
    expect(errors).toEqual([]);
    expect(fieldsOf(api, 'Agent')).toEqual({ id: 'ID!', name: 'String', runs: 'RunConnection' });
    expect(fieldsOf(api, 'AgentConnection')).toEqual({ edges: '[AgentEdge!]!' });
  });

  it.each([{ agents: 'stub' }, { readOnly: true }, { readOnly: true, agents: 'stub' }] as const)(
    'composes one with the options %o',
    (options) => {
      const { errors, api } = compose([{ name: 'runs', sdl: printSubgraphSdl(options) }]);
      expect(errors).toEqual([]);
      expect(api?.getMutationType() === undefined).toBe('readOnly' in options);
    },
  );

  it('composes one with a tag', () => {
    expect(compose(beside(CATALOG_SDL, printSubgraphSdl(undefined, 'runs'))).errors).toEqual([]);
  });
});

it('In the supergraph of @apollo/composition, costs and sizes of lists are kept, and hints are about scalars alone', () => {
  const { supergraphSdl = '', hints } = apollo(NEIGHBOURHOODS['with both']);
  const size = '@cost(weight: 5) @listSize(slicingArguments: ["first", "last"]';
  expect(supergraphSdl.split('\n').filter((line) => line.includes(`): RunConnection`))).toEqual(
    [1, 2, 3].map(() => expect.stringContaining(size)),
  );
  // Harmless: a scalar has one description in a supergraph, and the catalog has its own.
  expect(new Set(hints.map((hint) => hint.split(' has ')[0]))).toEqual(
    new Set(['INCONSISTENT_DESCRIPTION: Element "DateTime"', 'INCONSISTENT_DESCRIPTION: Element "JSON"']),
  );
  const agent = /^type Agent .*?^}/ms.exec(apollo(beside(OWNER_SDL)).supergraphSdl ?? '')?.[0] ?? '';
  expect(agent).toMatch(/ name: String @join__field\(graph: OTHER, override: "runs"\)/);
});

it('A contract of a tag has all that is ours, and nothing of a neighbour', () => {
  const services = beside(CATALOG_SDL, printSubgraphSdl(undefined, 'runs'));
  const result = federateSubgraphsContract({
    subgraphs: services.map(({ name, sdl }) => ({ name, url: urlOf(name), definitions: parse(sdl) })),
    contractTagOptions: { tagNamesToExclude: new Set(), tagNamesToInclude: new Set(['runs']) },
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  if (!result.success) throw new Error(result.errors.map(String).join('\n'));
  const api = result.federatedGraphClientSchema;
  const names = [...Object.keys(fieldsOf(api, 'Query')), ...Object.keys(api.getTypeMap())];
  const ours = ['runs', 'run', 'runStats', 'agents', 'RunStep', 'RunMessagePart', 'PageInfo', 'StopReason'];
  expect(names).toEqual(expect.arrayContaining(ours));
  for (const theirs of ['products', 'Product']) expect(names).not.toContain(theirs);
});

it('The committed SDL is a Federation 2 schema without _service and _entities', () => {
  expect(RUNS_SDL).toContain('@link(url: "https://specs.apollo.dev/federation/v2.');
  expect(RUNS_SDL).not.toMatch(/_Service|_Entity|_service|_entities/);
});

it('Hive Gateway reads the prices in the SDL', async () => {
  await using runtime = createGatewayRuntime({
    supergraph: apollo([{ name: 'runs', sdl: RUNS_SDL }]).supergraphSdl ?? '',
    logging: false,
    demandControl: { includeExtensionMetadata: true, maxCost: 1e9 },
    transports: { http: { getSubgraphExecutor: () => () => ({ data: null }) } },
  });
  const estimate = async (query: string): Promise<unknown> => {
    const response = await runtime.fetch('http://router.test/graphql', jsonPost({ query }));
    return (await response.json()).extensions.cost.estimated;
  };
  const PAGE = (first: number, fields: string) => `{ runs(first: ${first}) { nodes { ${fields} } } }`;
  for (const [query, cost] of [
    ['{ run(id: "run-1") { status } }', 3],
    [PAGE(10, 'id'), 16],
    [PAGE(100, 'id'), 106],
    [PAGE(10, 'steps(first: 5) { nodes { id } }'), 96],
  ] as const)
    expect(await estimate(query), query).toBe(cost);
});
