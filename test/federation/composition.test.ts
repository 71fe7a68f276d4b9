import { assertObjectType, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printSubgraphSdl } from '../../src/schema/index.ts';
import { CONFLICTING_SDL, OWNER_SDL, SHARING_SDL } from './agent-owners.ts';
import {
  apollo,
  besideAgents,
  type Composer,
  NEIGHBOURHOODS,
  RUNS_SDL,
  theGuild,
  wunderGraph,
} from './composers.ts';
import { HOSTILE, REFUSED } from './hostile-neighbours.ts';

const COMPOSERS: readonly (readonly [string, Composer])[] = [
  ['@apollo/composition', apollo],
  ['@theguild/federation-composition', theGuild],
  ['@wundergraph/composition', wunderGraph],
];

const named = (neighbourhood: string) => NEIGHBOURHOODS[neighbourhood] ?? [];

function fieldsOf(api: GraphQLSchema | undefined, type: string): Record<string, string> {
  const fields = assertObjectType(api?.getType(type)).getFields();
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, String(field.type)]));
}

describe.each(COMPOSERS)('%s', (_name, compose) => {
  it.each(Object.keys(NEIGHBOURHOODS))('composes the subgraph %s', (neighbourhood) => {
    const { errors, api } = compose(named(neighbourhood));
    expect(errors).toEqual([]);
    expect(fieldsOf(api, 'Query')).toMatchObject({ runs: 'RunConnection', run: 'Run' });
    expect(fieldsOf(api, 'Agent')).toMatchObject({ id: 'ID!', runs: 'RunConnection' });
    expect(fieldsOf(api, 'RunConnection')).toMatchObject({ pageInfo: 'PageInfo!', nodes: '[Run!]!' });
  });

  it('leaves node and nodes out where no neighbour has them', () => {
    for (const neighbourhood of ['alone', 'with notes']) {
      const fields = fieldsOf(compose(named(neighbourhood)).api, 'Query');
      expect(Object.keys(fields)).not.toContain('node');
      expect(Object.keys(fields)).not.toContain('nodes');
    }
  });

  it("has no limit of a gateway behind a router, and leaves a neighbour's as it is", () => {
    expect(fieldsOf(compose(named('alone')).api, 'Query')).not.toHaveProperty('rateLimit');
    expect(compose(named('alone')).api?.getType('RateLimit')).toBeUndefined();
    const { api } = compose(named('with both'));
    expect(fieldsOf(api, 'RateLimit')).toEqual({ limit: 'String', nodeCount: 'Int!' });
  });

  it("keeps a neighbour's node and nodes, and the fields that neighbours add", () => {
    const { api } = compose(named('with both'));
    expect(fieldsOf(api, 'Query')).toMatchObject({
      node: 'Node',
      nodes: '[Node]!',
      products: expect.any(String),
    });
    expect(fieldsOf(api, 'Run')).toMatchObject({ notes: '[Note!]!', status: 'RunStatus!' });
    expect(fieldsOf(api, 'Agent')).toMatchObject({ displayName: 'String' });
  });

  it('lets a neighbour take over the fields of agents, or share them', () => {
    const taken = compose(besideAgents(OWNER_SDL));
    expect(taken.errors).toEqual([]);
    expect(fieldsOf(taken.api, 'Agent')).toMatchObject({ name: 'String', model: 'String', owner: 'String' });
    const shared = compose(besideAgents(SHARING_SDL));
    expect(shared.errors).toEqual([]);
    expect(fieldsOf(shared.api, 'Agent')).toMatchObject({ name: 'String', tags: '[String!]' });
  });

  it('refuses a neighbour that has a field of agents and says nothing of it, unless ours are a stub', () => {
    expect(compose(besideAgents(CONFLICTING_SDL)).errors).not.toEqual([]);
    const { errors, api } = compose(besideAgents(CONFLICTING_SDL, 'stub'));
    expect(errors).toEqual([]);
    expect(fieldsOf(api, 'Agent')).toEqual({ id: 'ID!', name: 'String', runs: 'RunConnection' });
    expect(fieldsOf(api, 'AgentConnection')).toEqual({ edges: '[AgentEdge!]!' });
  });

  it.each(Object.entries(HOSTILE))('composes it with a neighbour that has %s', (_what, sdl) => {
    expect(
      compose([
        { name: 'runs', sdl: RUNS_SDL },
        { name: 'other', sdl },
      ]).errors,
    ).toEqual([]);
  });

  it.each(Object.entries(REFUSED))('refuses a neighbour that has %s', (_what, sdl) => {
    expect(
      compose([
        { name: 'runs', sdl: RUNS_SDL },
        { name: 'other', sdl },
      ]).errors,
    ).not.toEqual([]);
  });

  it.each([
    ['read-only', { readOnly: true }],
    ['of stubs', { agents: 'stub' }],
    ['read-only and of stubs', { readOnly: true, agents: 'stub' }],
  ] as const)('composes one that is %s', (_what, options) => {
    expect(compose([{ name: 'runs', sdl: printSubgraphSdl(options) }]).errors).toEqual([]);
  });

  it('makes the same types of our part, whatever the neighbours are', () => {
    const alone = compose(named('alone')).api;
    const among = compose(named('with both')).api;
    for (const type of Object.values(alone?.getTypeMap() ?? {})) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      expect(fieldsOf(among, type.name)).toMatchObject(fieldsOf(alone, type.name));
    }
  });
});

describe('In the supergraph of @apollo/composition', () => {
  const { supergraphSdl = '' } = apollo(named('with both'));
  const lineOf = (start: RegExp) => supergraphSdl.split('\n').filter((line) => start.test(line));

  it('both lists of runs keep what a router needs to estimate their costs', () => {
    const lists = lineOf(/\): RunConnection/);
    expect(lists).toHaveLength(2);
    for (const line of lists) {
      expect(line).toContain('@join__field(graph: RUNS)');
      expect(line).toContain('@cost(weight: 5)');
      expect(line).toContain(
        '@listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
      );
    }
    for (const line of lineOf(/\): Run(?:Step|Message)Connection/)) {
      expect(line).toContain('@cost(weight: 2) @listSize(slicingArguments: ["first", "last"]');
    }
    // `run`, and `runUpdates` of the subscriptions.
    expect(lineOf(/\): Run @/)).toEqual([
      expect.stringContaining('@cost(weight: 2)'),
      expect.stringContaining('@cost(weight: 5)'),
    ]);
    // `@cost` needs no import: a specification's own name is linked with it.
    expect(supergraphSdl).toContain('@link(url: "https://specs.apollo.dev/cost/v0.1"');
  });

  it('fields of agents that a neighbour takes over are its own', () => {
    const { supergraphSdl: taken = '' } = apollo(besideAgents(OWNER_SDL));
    const agent = /^type Agent .*?^}/ms.exec(taken)?.[0] ?? '';
    expect(agent).toMatch(/ name: String @join__field\(graph: AGENTS, override: "runs"\)/);
    expect(agent).toMatch(/ model: String @join__field\(graph: RUNS\)/);
  });

  it("node and nodes are the catalog's alone", () => {
    expect(lineOf(/^ {2}nodes?\(/)).toEqual([
      '  node(id: ID!): Node @join__field(graph: CATALOG)',
      '  nodes(ids: [ID!]!): [Node]! @join__field(graph: CATALOG)',
    ]);
  });

  // Harmless: a scalar has one description in a supergraph. Ours lose here to those of the subgraph
  // that comes first; `@specifiedBy` of the catalog's DateTime is kept, although ours has none.
  it('the only hints are about descriptions of scalars that the catalog has too', () => {
    const { hints } = apollo(named('with both'));
    expect(new Set(hints.map((hint) => hint.split(' has ')[0]))).toEqual(
      new Set(['INCONSISTENT_DESCRIPTION: Element "DateTime"', 'INCONSISTENT_DESCRIPTION: Element "JSON"']),
    );
    expect(apollo(named('alone')).hints).toEqual([]);
    expect(apollo(named('with notes')).hints).toEqual([]);
  });
});

it('The committed SDL is a Federation 2 schema without _service and _entities', () => {
  const names = parse(RUNS_SDL).definitions.map((definition) =>
    'name' in definition ? definition.name?.value : undefined,
  );
  expect(names).not.toContain('_Service');
  expect(names).not.toContain('_Entity');
  expect(RUNS_SDL).toContain('@link(url: "https://specs.apollo.dev/federation/v2.');
});
