import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayPageAmong } from '../core/relay-model.ts';
import { execute } from '../support/execute.ts';
import { openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

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
const AGENTS = Array.from({ length: 130 }, (_, index) => agentAt(index));
type Agent = (typeof AGENTS)[number];

interface Listed {
  readonly agents: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly pageInfo: Readonly<Record<string, unknown>>;
  } | null;
}

interface Filter {
  readonly name?: string | undefined;
  readonly search?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Texts are compared as PostgreSQL does, but for letters like `İ`, which are not searched for here. */
function isMatch({ name, tags }: Agent, filter: Filter): boolean {
  return (
    (filter.name === undefined || name === filter.name) &&
    (filter.search === undefined || name.toLowerCase().includes(filter.search.toLowerCase())) &&
    (filter.tags === undefined || filter.tags.some((tag) => tags.includes(tag)))
  );
}

const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 2 });
const filters = fc.record({
  name: optional(fc.constantFrom('Ops bot', 'Top%s', 'nobody', 'ops bot')),
  search: optional(fc.constantFrom('ops', 'OP', '%', '_', '\\', 'дежу', 'p%s', 's_b', 'zzz')),
  tags: optional(fc.uniqueArray(fc.constantFrom(...TAGS, 'none'), { minLength: 1, maxLength: 3 })),
});
const position = fc.record({ at: fc.nat(AGENTS.length - 1), asId: fc.boolean() });
const pages = fc.record({
  size: fc.oneof(fc.nat(12), fc.constantFrom(100, 200, 1000)),
  way: fc.constantFrom('first', 'last'),
  after: optional(position),
  before: optional(position),
  order: fc.constantFrom('ASC', 'DESC'),
  filter: fc.oneof(fc.constant<Filter>({}), filters),
});

const PAGE = `query ($first: Int, $last: Int, $after: String, $before: String, $order: SortOrder,
  $name: String, $search: String, $tags: [String!]) {
  agents(first: $first, last: $last, after: $after, before: $before, order: $order,
    name: $name, search: $search, tags: $tags) {
    edges { cursor node { id name tags } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe.each([...SELF_HOSTED, ...CLOUD])('Over $variant', (upstream) => {
  it('random pages of agents are those of the Relay specification', async () => {
    await using open = await openGateway({ agents: AGENTS, ...upstream });
    const { data } = await execute<Listed, object>(open.gateway, PAGE, { first: 1000 });
    const cursors = new Map(data?.agents?.edges.map(({ cursor, node }) => [node.id, cursor]));
    expect(cursors.size).toBe(AGENTS.length);
    await fc.assert(
      fc.asyncProperty(pages, async ({ size, way, after, before, order, filter }) => {
        const list = order === 'ASC' ? AGENTS : AGENTS.toReversed();
        const rowAt = (place: typeof after) => (place === undefined ? undefined : list[place.at]);
        const textOf = (place: typeof after) => {
          const id = rowAt(place)?.id ?? '';
          return place && (place.asId ? id : cursors.get(id));
        };
        const { rows, ...flags } = relayPageAmong(list, (agent) => isMatch(agent, filter), {
          [way]: size,
          after: rowAt(after),
          before: rowAt(before),
        });
        const edges = rows.map(({ id, name, tags }) => ({
          cursor: cursors.get(id),
          node: { id, name, tags },
        }));
        const args = { [way]: size, after: textOf(after), before: textOf(before), order, ...filter };
        expect(await execute(open.gateway, PAGE, args)).toEqual({
          data: {
            agents: {
              edges,
              pageInfo: {
                ...flags,
                startCursor: edges[0]?.cursor ?? null,
                endCursor: edges.at(-1)?.cursor ?? null,
              },
            },
          },
        });
      }),
      { numRuns: propertyRuns(25) },
    );
  });
});

/** Changes what the list is asked for. */
const asking =
  (change: (query: URLSearchParams) => void): Script =>
  (request, next) => {
    const query = new URLSearchParams(request.query);
    change(query);
    return next({ query });
  };
describe('The list of agents', () => {
  it.each([
    ['first: 5', 'limit=6&order=desc'],
    ['first: 5, order: ASC, name: "Ops bot"', 'name=Ops%20bot&limit=6&order=asc'],
    ['first: 5, search: "a_b%"', 'query_text=a%5C_b%5C%25&limit=6&order=desc'],
    ['first: 5, tags: ["prod"]', 'tags=prod&limit=6&order=desc'],
  ])('with %s is one request with all that is selected of its agents', async (args, parameters) => {
    await using open = await openGateway({ agents: AGENTS });
    const fields = 'nodes { id name description model tags createdAt lastStopReason timezone }';
    await execute(open.gateway, `{ agents(${args}) { ${fields} pageInfo { hasNextPage } } }`);
    expect(open.upstream.urls).toEqual([`/v1/agents/?include=agent.tags&${parameters}`]);
  });

  it('says that one agent fails the whole page, and how to leave it out', async () => {
    const broken = { ...agentAt(999), name: 'broken', llm_config: null };
    await using open = await openGateway({ agents: [...AGENTS, broken] });
    const query = '{ agents { nodes { id } } others: agents(search: "ops") { nodes { id } } }';
    expect(await execute(open.gateway, query)).toMatchObject({
      data: { agents: null, others: { nodes: expect.any(Array) } },
      errors: [
        {
          message: expect.stringContaining('Leave that one out by name, search or tags'),
          extensions: { code: 'UPSTREAM_ERROR', argument: 'search' },
        },
      ],
    });
  });

  it.each(['none such', 'kind'])('is no list of others where an API cannot search for %s', async (text) => {
    const script = asking((query) => query.delete('query_text'));
    await using open = await openGateway({ agents: [{ ...agentAt(1), name: 'Дежурный' }], script });
    const { errors } = await execute(open.gateway, `{ agents(search: "${text}") { nodes { id } } }`);
    expect(errors?.[0]?.message).toBe(
      'The runs API ignored search: it sent agents that do not match. It may be too old to support it.',
    );
  });
});
