import { describe, expect, it } from 'vitest';
import { agentId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';
import type { Script } from '../../support/scripted-upstream.ts';
import { CLOUD, SELF_HOSTED } from '../../support/upstream-variants.ts';
import { type Page, walk } from '../../support/walk.ts';

const NAMES = ['Ops bot', 'ops_bot', 'Top%s', 'Drop\\s', 'Дежурный', 'İş', ''];

/** Agents, oldest first, of which some share an instant. */
const agentAt = (index: number) => ({
  id: agentId(index),
  name: NAMES[index % NAMES.length] ?? '',
  tags: ['prod', 'a,b'].filter((_tag, bit) => (index >> bit) % 2 === 1),
  created_at: `2025-01-01T00:00:00.${String(Math.floor(index / 3)).padStart(6, '0')}Z`,
  updated_at: '2025-01-02T00:00:00Z',
  llm_config: { handle: 'openai/gpt-4o' },
});
const AGENTS = Array.from({ length: 130 }, (_, index) => agentAt(index));

const PAGE = `query ($first: Int, $last: Int, $after: String, $before: String, $order: SortOrder, $name: String,
  $search: String, $tags: [String!]) {
  agents(first: $first, last: $last, after: $after, before: $before, order: $order, name: $name, search: $search,
    tags: $tags) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}`;

// That pages are exact is proved in test/core.
describe.each([...SELF_HOSTED, ...CLOUD])('Query.agents over $variant', (upstream) => {
  it.each<[filter: object, isMatch: (agent: (typeof AGENTS)[number]) => boolean]>([
    [{}, () => true],
    [{ name: 'Top%s' }, ({ name }) => name === 'Top%s'],
    [{ search: 'S_B' }, ({ name }) => name === 'ops_bot'],
    [{ tags: ['a,b', 'none'] }, ({ tags }) => tags.includes('a,b')],
  ])('finds agents with %j page by page, from either end and in either order', async (filter, isMatch) => {
    await using open = await openGateway({ agents: AGENTS, ...upstream });
    const all = AGENTS.filter(isMatch).map(({ id }) => id);
    for (const order of ['ASC', 'DESC']) {
      const read = async (args: object) =>
        (await open.dataOf<{ agents: Page }>(PAGE, { order, ...filter, ...args })).agents;
      for (const isForward of [true, false]) {
        const found = (await walk(read, 25, isForward)).map(({ id }) => id);
        expect(found).toEqual((order === 'ASC') === isForward ? all : all.toReversed());
      }
    }
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
describe('Query.agents', () => {
  it.each([
    ['first: 5', 'limit=6&order=desc'],
    ['first: 5, order: ASC, name: "Ops bot"', 'name=Ops%20bot&limit=6&order=asc'],
    ['first: 5, search: "a_b%"', 'query_text=a%5C_b%5C%25&limit=6&order=desc'],
    ['first: 5, tags: ["prod"]', 'tags=prod&limit=6&order=desc'],
  ])('(%s) takes one request for all that is selected of its agents', async (args, parameters) => {
    await using open = await openGateway({ agents: AGENTS });
    const fields = 'nodes { id name description model tags createdAt lastStopReason timezone }';
    await open.execute(`{ agents(${args}) { ${fields} pageInfo { hasNextPage } } }`);
    expect(open.upstream.urls).toEqual([`/v1/agents/?include=agent.tags&${parameters}`]);
  });

  it('says that one broken agent fails the whole page, and how to leave it out', async () => {
    const broken = { ...agentAt(999), name: 'broken', llm_config: null };
    await using open = await openGateway({ agents: [...AGENTS, broken] });
    const query = '{ agents { nodes { id } } others: agents(search: "ops") { nodes { id } } }';
    expect(await open.execute(query)).toMatchObject({
      data: { agents: null, others: { nodes: expect.any(Array) } },
      errors: [
        {
          message: expect.stringContaining('Leave that one out by name, search or tags'),
          extensions: { code: 'UPSTREAM_ERROR', argument: 'search' },
        },
      ],
    });
  });

  it('(search) finds what the database takes for equal beyond ASCII', async () => {
    const script = asking((query) => query.delete('query_text'));
    await using open = await openGateway({ agents: [{ ...agentAt(1), name: 'STRASSE' }], script });
    expect(await open.execute('{ agents(search: "straße") { nodes { name } } }')).toEqual({
      data: { agents: { nodes: [{ name: 'STRASSE' }] } },
    });
  });

  it.each(['none such', 'kind'])(
    '(search) is an error where the API ignores it, and no list of other agents: %s',
    async (text) => {
      const script = asking((query) => query.delete('query_text'));
      await using open = await openGateway({ agents: [{ ...agentAt(1), name: 'Дежурный' }], script });
      const { errors } = await open.execute(`{ agents(search: "${text}") { nodes { id } } }`);
      expect(errors?.[0]?.message).toBe(
        'The runs API ignored search: it sent agents that do not match. It may be too old to support it.',
      );
    },
  );
});
