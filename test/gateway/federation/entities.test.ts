import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentNamed, askEntities, evenRuns, newest, runNamed } from '../../support/agent-runs.ts';
import { nameOf } from '../../support/agents.ts';
import { stopClock } from '../../support/clock.ts';
import { graphqlRequest } from '../../support/execute.ts';
import { forAll } from '../../support/for-all.ts';
import { agentId } from '../../support/ids.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { HANGS } from '../../support/scripted-upstream.ts';

const runs = evenRuns(30, 3);
const [first, second] = runs.map(({ id }) => id);
const GONE = 'run-00000000-0000-4000-8000-00000000dead';

const test = await forAll(openGateway({ runs }));

it('_service answers the committed SDL, to the letter', async () => {
  const sdl = readFileSync(new URL('../../../schema/subgraph.graphql', import.meta.url), 'utf8');
  expect(await test.execute('{ _service { sdl } }')).toEqual({ data: { _service: { sdl } } });
  const { data } = await test.execute('{ runs(first: 1) { nodes { id } } _service { sdl } }');
  expect(data).toMatchObject({ _service: { sdl } });
});

it('__schema and __type describe the schema as clients see it, also beside rows', async () => {
  const rows = 'runs(first: 1) { edges { node { id } } nodes { id } }';
  const described = '__type(name: "Run") { fields { name } } __schema { types { name fields { name } } }';
  const { data } = await test.execute(`{ ${described} }`);
  const beside = await test.execute(`{ ${rows} ${described} }`);
  expect(beside.data).toMatchObject(data ?? {});
  expect(beside.data).toMatchObject({ runs: { nodes: [{ id: expect.stringMatching(/^run-/) }] } });
  const selected = await test.execute('{ runs { __rows nodes { __rows } } }');
  expect(selected.errors).toMatchObject([
    { message: expect.stringContaining('__rows') },
    { message: expect.stringContaining('__rows') },
  ]);
});

describe('_entities', () => {
  it('are in the order of their representations, each with its fields', async () => {
    const { entities, requests } = await askEntities(
      test,
      [runNamed(second), agentNamed(agentId(2)), runNamed(first), agentNamed(agentId(0))],
      '__typename ... on Run { id } ... on Agent { id runs(first: 1) { nodes { id } } }',
    );
    const run = (id: unknown) => ({ __typename: 'Run', id });
    const agent = (number: number) => ({
      __typename: 'Agent',
      id: agentId(number),
      runs: { nodes: newest(runs, agentId(number), 1).map((id) => ({ id })) },
    });
    expect(entities).toEqual([run(second), agent(2), run(first), agent(0)]);
    expect(requests).toBe(3);
  });

  it.each<[string, unknown, number]>([
    ['a run that is not there', GONE, 1],
    ['an id that the upstream calls malformed', 'run-12345678', 1],
    ['the id of something else', 'step-00000000-0000-4000-8000-000000000000', 0],
    ['an id with a path in it', 'run-12345678/../../agents', 0],
    ['no id at all', undefined, 0],
    // A pattern makes a text of a list before it looks at it.
    ['a list with an id in it', [first], 0],
  ])('are null for %s, and the others as ever', async (_name, id, lookUps) => {
    const representations = [runNamed(first), runNamed(id), runNamed(second)];
    const asked = await askEntities(test, representations, '... on Run { id }');
    expect(asked).toEqual({ entities: [{ id: first }, null, { id: second }], requests: 2 + lookUps });
  });

  it.each(['agent-a/b', first, null, 5, `agent-${'x'.repeat(129)}`, [agentId(0)]])(
    'are null for an agent of the id %j, and the others as ever',
    async (id) => {
      const representations = [agentId(0), id, agentId(1)].map(agentNamed);
      const page = '... on Agent { id runs(first: 1) { nodes { agentId } } }';
      const { entities, errors } = await askEntities(test, representations, page);
      expect(errors).toBeUndefined();
      const entity = (agent: string) => ({ id: agent, runs: { nodes: [{ agentId: agent }] } });
      expect(entities).toEqual([entity(agentId(0)), null, entity(agentId(1))]);
    },
  );

  it.each([{ id: '1' }, { __typename: 'toString', id: '1' }])(
    'are null with an error for %j, and the others as ever',
    async (stranger) => {
      const { entities, errors } = await askEntities(test, [runNamed(first), stranger], '... on Run { id }');
      expect(entities).toEqual([{ id: first }, null]);
      expect(errors).toMatchObject([{ path: ['entities', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  it('of few agents cost as many as they are, and one look-up for each agent', async () => {
    const representations = Array.from({ length: 1500 }, (_, number) => agentNamed(agentId(number % 50)));
    await using own = await openGateway({ runs: evenRuns(100, 50), config: { maxCost: 3000 } });
    const withRuns = '... on Agent { id name runs(first: 1) { nodes { id } } }';
    const dear = await askEntities(own, representations, withRuns);
    expect(dear.errors).toMatchObject([{ extensions: { code: 'COST_LIMIT_EXCEEDED', cost: 1500 * 8 } }]);
    expect([dear.entities, dear.requests]).toEqual([representations.map(() => null), 0]);
    const cheaper = await askEntities(own, representations, '... on Agent { id name }');
    const named = representations.map(({ id }) => ({ id, name: nameOf(String(id)) }));
    expect(cheaper).toEqual({ entities: named, requests: 50 });
  });
});

// What routers make of other answers is in docs/federation.md.
describe('A refusal of _entities', () => {
  const OF = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
  const hundred = Array.from({ length: 100 }, (_, number) => `e${number}`);
  const OFTEN = `query ($of: [_Any!]!) {
    ${hundred.map((alias) => `${alias}: _entities(representations: $of) { __typename }`).join('\n')}
  }`;
  const NAMES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const ids = runs.flatMap(({ id }) => [id, `${id}x`]);
  const many = { of: Array.from({ length: 51 }, (_, number) => agentNamed(agentId(number))) };
  const nulls = many.of.map(() => null);

  const send = async ({ gateway }: OpenGateway, body: object, accept: string) => {
    const response = await gateway.fetch(graphqlRequest(body, { accept }));
    return { status: response.status, ...(await response.json()) };
  };
  const BY_STATUS = 'application/graphql-response+json';

  it.each([
    ['entities that cost too much', OF, many, { _entities: nulls }, 'COST_LIMIT_EXCEEDED'],
    ['entities with wrong variables', OF, { of: null }, { _entities: [] }, 'BAD_USER_INPUT'],
    ['other ids', NAMES, { ids }, undefined, 'COST_LIMIT_EXCEEDED'],
    ['fields that share a list', OFTEN, { of: Array(2_000).fill(0) }, undefined, 'COST_LIMIT_EXCEEDED'],
  ])('of %s has data if a router can have asked for it', async (_name, query, variables, data, code) => {
    await using own = await openGateway({ config: { maxCost: 100 } });
    for (const accept of ['application/json', BY_STATUS]) {
      const answer = await send(own, { query, variables }, accept);
      expect(answer.status).toBe(data !== undefined || accept === 'application/json' ? 200 : 400);
      expect(answer.errors).toMatchObject([{ extensions: { code, requestId: expect.any(String) } }]);
      expect(answer.data).toEqual(data);
    }
  });

  it.each([
    ['rate', { rateLimit: 130 }, 'RATE_LIMITED'],
    ['time', { operationTimeoutMs: 300 }, 'OPERATION_TIMEOUT'],
  ])('has null for each entity where the %s is used up', async (kind, config, code) => {
    const clock = stopClock();
    await using own = await openGateway({ runs, config });
    const of = Array.from({ length: 60 }, (_, number) => runNamed(runs[number % 30]?.id));
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { status } } }';
    const ask = () => clock.until(send(own, { query, variables: { of } }, BY_STATUS));
    if (kind === 'rate') expect((await ask()).errors).toBeUndefined();
    else own.upstream.script = () => HANGS;
    const refused = { status: 200, data: { _entities: of.map(() => null) } };
    expect(await ask()).toMatchObject({ ...refused, errors: [{ extensions: { code } }] });
  });
});
