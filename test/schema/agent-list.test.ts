import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_FILTERS } from '../../src/runs/agent-list.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { joinRepeatedKeys } from '../support/recording-proxy.ts';
import { relayPage } from '../support/relay-algorithm.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { casesOver, CLOUD, SELF_HOSTED, type UpstreamVariant } from '../support/upstream-variants.ts';

const NAMES = ['Ops bot', 'ops_bot', 'Top%s', 'Drop\\s', 'Дежурный', 'İş', ''];
const TAGS = ['prod', 'blue', 'a,b', 'ünï'];
const idOf = (index: number): string => `agent-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Agents, oldest first, of which some share an instant. */
const agentAt = (index: number) => ({
  id: idOf(index),
  name: NAMES[index % NAMES.length] ?? '',
  tags: TAGS.filter((_tag, bit) => (index >> bit) % 2 === 1),
  created_at: `2025-01-01T00:00:00.${String(Math.floor(index / 3)).padStart(6, '0')}Z`,
  updated_at: '2025-01-02T00:00:00Z',
  llm_config: { handle: 'openai/gpt-4o' },
});
const AGENTS = Array.from({ length: 260 }, (_, index) => agentAt(index));

interface Listed {
  readonly agents: {
    readonly edges: readonly {
      readonly cursor: string;
      readonly node: { readonly id: string; readonly name: string; readonly tags: readonly string[] };
    }[];
    readonly pageInfo: Readonly<Record<string, unknown>>;
  } | null;
}

interface Filter {
  readonly name: string;
  readonly search: string;
  readonly tags: readonly string[];
}

type Agent = (typeof AGENTS)[number];

/**
 * What the tests know of each filter, from observing Letta 0.16.7: its type in GraphQL, its parameter in REST, some
 * values, and what the API finds by them. Texts are compared as PostgreSQL does, but for letters like `İ`.
 */
const FILTERS: {
  readonly [Name in keyof Filter]: {
    readonly type: string;
    readonly parameter: string;
    readonly values: fc.Arbitrary<Filter[Name]>;
    readonly isMatch: (agent: Agent, value: Filter[Name]) => boolean;
  };
} = {
  name: {
    type: 'String',
    parameter: 'name',
    values: fc.constantFrom('Ops bot', 'Top%s', 'nobody', 'ops bot'),
    isMatch: ({ name }, wanted) => name === wanted,
  },
  search: {
    type: 'String',
    parameter: 'query_text',
    values: fc.constantFrom('ops', 'OP', '%', '_', '\\', 'дежу', 'p%s', 'zzz'),
    isMatch: ({ name }, part) => name.toLowerCase().includes(part.toLowerCase()),
  },
  tags: {
    type: '[String!]',
    parameter: 'tags',
    values: fc.uniqueArray(fc.constantFrom(...TAGS, 'none'), { minLength: 1, maxLength: 3 }),
    isMatch: ({ tags }, wanted) => wanted.some((tag) => tags.includes(tag)),
  },
};

const names = Object.keys(FILTERS) as readonly (keyof Filter)[];
const DOCUMENT = `query Agents($first: Int, $last: Int, $after: String, $before: String, $order: SortOrder, ${names.map((name) => `$${name}: ${FILTERS[name].type}`).join(', ')}) {
  agents(first: $first, last: $last, after: $after, before: $before, order: $order, ${names.map((name) => `${name}: $${name}`).join(', ')}) {
    edges { cursor node { id name tags } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

function isMatch(
  agent: Agent,
  filter: { readonly [Name in keyof Filter]?: Filter[Name] | undefined },
): boolean {
  return names.every(
    (name) => filter[name] === undefined || FILTERS[name].isMatch(agent, filter[name] as never),
  );
}

const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 2 });
const pages = fc.record({
  size: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(100, 200, 1000)),
  isForward: fc.boolean(),
  after: optional(fc.nat(AGENTS.length - 1)),
  before: optional(fc.nat(AGENTS.length - 1)),
  asId: fc.boolean(),
  order: fc.constantFrom('ASC', 'DESC'),
  filter: fc.record({
    name: optional(FILTERS.name.values),
    search: optional(FILTERS.search.values),
    tags: optional(FILTERS.tags.values),
  }),
});

it.each(Object.entries(AGENT_FILTERS))('The filter %s is known to the tests', (name, { parameter }) => {
  const known: Readonly<Record<string, { readonly parameter: string }>> = FILTERS;
  expect(known[name]?.parameter, `${name} in FILTERS of test/schema/agent-list.test.ts`).toBe(parameter);
});

describe.each<UpstreamVariant>([...SELF_HOSTED, ...CLOUD])('Pages of agents over $variant', (variant) => {
  it('are those of the Relay specification, for all combinations of arguments', async () => {
    await using test = await startTestGateway({ agents: AGENTS, ...variant });
    const { data } = await execute<Listed, object>(test.gateway, DOCUMENT, { first: 1000 });
    const cursors = new Map(data?.agents?.edges.map(({ cursor, node }) => [node.id, cursor]));
    expect(cursors.size).toBe(AGENTS.length);
    await fc.assert(
      fc.asyncProperty(pages, async ({ size, isForward, after, before, asId, order, filter }) => {
        const all = order === 'ASC' ? AGENTS : AGENTS.toReversed();
        const at = (index: number | undefined) => (index === undefined ? undefined : all[index]);
        const cursorOf = (agent: (typeof AGENTS)[number] | undefined) =>
          agent && (asId ? agent.id : cursors.get(agent.id));
        const sizes = isForward ? { first: size } : { last: size };
        const args = { after: cursorOf(at(after)), before: cursorOf(at(before)), ...sizes, ...filter, order };
        const answer = await execute<Listed, object>(test.gateway, DOCUMENT, args);
        const expected = relayPage(all, (agent) => isMatch(agent, filter), {
          ...sizes,
          after: at(after),
          before: at(before),
        });
        const edges = expected.rows.map(({ id, name, tags }) => ({
          cursor: cursors.get(id),
          node: { id, name, tags },
        }));
        expect(answer.errors).toBeUndefined();
        expect(answer.data?.agents).toEqual({
          edges,
          pageInfo: {
            hasNextPage: expected.hasNextPage,
            hasPreviousPage: expected.hasPreviousPage,
            startCursor: edges[0]?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
          },
        });
      }),
      { numRuns: propertyRuns(casesOver(variant, 100)) },
    );
  });
});

describe('The list of agents', () => {
  it('is one request with all that is selected of its agents', async () => {
    await using test = await startTestGateway({ agents: AGENTS });
    const fields = 'nodes { id name description model tags createdAt lastStopReason timezone }';
    await execute(test.gateway, `{ agents(first: 5) { ${fields} pageInfo { hasNextPage } } }`);
    expect(test.upstreamRequests).toEqual(['/v1/agents/?include=agent.tags&limit=6&order=desc']);
  });

  it('shows the runs of all its agents by one request', async () => {
    const runs = AGENTS.slice(0, 4).map(({ id }, index) => ({
      id: `run-0000000${index}-0000-4000-8000-000000000000`,
      agent_id: id,
      created_at: `2025-02-01T00:00:0${index}Z`,
    }));
    await using test = await startTestGateway({ agents: AGENTS, runs });
    const operation = '{ agents(first: 4, order: ASC) { nodes { name runs(first: 2) { nodes { id } } } } }';
    const { data } = await execute<{ agents: { nodes: unknown } }, never>(test.gateway, operation);
    expect(data?.agents.nodes).toEqual(
      runs.map(({ id }, index) => ({ name: AGENTS[index]?.name, runs: { nodes: [{ id }] } })),
    );
    expect(test.upstreamRequests).toHaveLength(2);
  });

  it('tells of an agent that fails the whole page, and how to leave it out', async () => {
    const broken = { ...agentAt(999), name: 'broken', llm_config: null };
    await using test = await startTestGateway({ agents: [...AGENTS, broken] });
    const { data, errors } = await execute(
      test.gateway,
      '{ agents { nodes { id } } others: agents(search: "ops") { nodes { id } } }',
    );
    expect(data).toMatchObject({ agents: null, others: { nodes: expect.any(Array) } });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('Leave that one out by name, search or tags'),
      extensions: { code: 'UPSTREAM_ERROR', argument: 'search' },
    });
  });

  it('finds agents by several tags behind a proxy that joins them, also where there are no runs', async () => {
    await using test = await startTestGateway({ agents: AGENTS, rewrite: joinRepeatedKeys });
    const operation = '{ agents(first: 1000, tags: ["prod", "blue"]) { nodes { id } } }';
    const { data } = await execute<{ agents: { nodes: unknown[] } }, never>(test.gateway, operation);
    const expected = AGENTS.filter(({ tags }) => tags.includes('prod') || tags.includes('blue'));
    expect(data?.agents.nodes).toEqual(expected.toReversed().map(({ id }) => ({ id })));
  });

  it('finds none by several tags, although one that is not asked for fails', async () => {
    await using test = await startTestGateway({ agents: [{ ...agentAt(999), tags: [], llm_config: null }] });
    const { data, errors } = await execute(test.gateway, '{ agents(tags: ["a", "b"]) { nodes { id } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ agents: { nodes: [] } });
  });

  it('says that a cursor is of no use any more', async () => {
    await using test = await startTestGateway({ agents: AGENTS });
    const { errors } = await execute(test.gateway, `{ agents(after: "${idOf(5000)}") { nodes { id } } }`);
    expect(errors?.[0]).toMatchObject({
      message: `after: "${idOf(5000)}" is not the id of an agent that you can see`,
      extensions: { code: 'INVALID_CURSOR' },
    });
  });

  it('is all of it where a page has at most fifty agents, whatever was asked for', async () => {
    const rewrite = (url: URL): URL => {
      if (Number(url.searchParams.get('limit')) > 50) url.searchParams.set('limit', '50');
      return url;
    };
    await using test = await startTestGateway({ agents: AGENTS, rewrite });
    const { data } = await execute<{ agents: { nodes: unknown[] } }, never>(
      test.gateway,
      '{ agents(first: 1000) { nodes { id } } }',
    );
    expect(data?.agents.nodes).toHaveLength(AGENTS.length);
  });

  it.each(['none such', 'kind'])(
    'is no list of others where an API does not know how to search for %s',
    async (text) => {
      const rewrite = (url: URL): URL => {
        url.searchParams.delete('query_text');
        return url;
      };
      const agents = [{ ...agentAt(1), name: 'Дежурный' }];
      await using test = await startTestGateway({ agents, rewrite });
      const { errors } = await execute(test.gateway, `{ agents(search: "${text}") { nodes { id } } }`);
      expect(errors?.[0]?.message).toBe(
        'The runs API ignored search: it sent agents that do not match. It may be too old to support it.',
      );
    },
  );

  it('says nothing of repeated keys by a tag that is what a proxy joins two tags to', async () => {
    const agents = [
      { ...agentAt(1), tags: ['a', 'a,b'] },
      { ...agentAt(2), tags: ['b'] },
    ];
    const ids = agents.map(({ id }) => id);
    const runs = ids.map((id, index) => ({
      id: `run-0000000${index}-0000-4000-8000-000000000000`,
      agent_id: id,
      created_at: `2025-02-01T00:00:0${index}Z`,
    }));
    await using test = await startTestGateway({ agents, runs, rewrite: joinRepeatedKeys });
    const tagged = await execute(test.gateway, '{ agents(tags: ["a", "b"], order: ASC) { nodes { id } } }');
    expect(tagged).toEqual({ data: { agents: { nodes: ids.map((id) => ({ id })) } } });
    const both = await execute(
      test.gateway,
      `{ runs(agentIds: ["${ids.join('", "')}"]) { nodes { agentId } } }`,
    );
    expect(both).toEqual({ data: { runs: { nodes: ids.toReversed().map((agentId) => ({ agentId })) } } });
  });

  it.each([
    ['name: ""', 'name', 'name: expected a text of 1 to 200 characters without NUL, but got ""'],
    ['search: "\\u0000"', 'search', 'search: expected a text of 1 to 200 characters without NUL'],
    ['tags: []', 'tags', 'tags: expected at least one value'],
    ['first: 1001', 'first', 'first: expected a whole number from 0 to 1000, but got 1001'],
    ['after: "x"', 'after', 'or the id of an agent'],
  ])('refuses %s', async (args, argument, message) => {
    await using test = await startTestGateway();
    const { errors } = await execute(test.gateway, `{ agents(${args}) { nodes { id } } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { argument },
    });
    expect(test.upstreamRequests).toEqual([]);
  });

  it('is left out of the schema, with all but the runs of agents, where they are a stub', async () => {
    const [agent] = AGENTS;
    await using test = await startTestGateway({ agents: AGENTS, config: { agents: 'stub' } });
    const run = (operation: string) => execute(test.gateway, operation);
    const unknown = await run('{ agents { nodes { id } } }');
    expect(unknown.errors?.[0]?.message).toContain('Cannot query field "agents" on type "Query"');
    const { data } = await run(
      `{ _entities(representations: [{ __typename: "Agent", id: "${agent?.id}" }]) { ... on Agent { id runs { nodes { id } } } } _service { sdl } }`,
    );
    expect(data).toMatchObject({ _entities: [{ id: agent?.id, runs: { nodes: [] } }] });
    const sdl = JSON.stringify(data);
    expect(sdl).not.toMatch(/AgentConnection|AgentEdge|agents\(|agent\(/);
  });
});
