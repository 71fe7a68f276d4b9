import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../support/agents.ts';
import { execute } from '../support/execute.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { agentId, evenRuns, newest } from './agent-runs.ts';
import { agentNamed, askEntities, runNamed } from './entities.ts';

const runs = evenRuns(30, 3);
const [first, second] = runs.map(({ id }) => id);

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ runs });
  return () => test[Symbol.asyncDispose]();
});

it('_service answers the committed SDL, to the letter', async () => {
  const committed = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');
  expect(await execute(test.gateway, '{ _service { sdl } }')).toEqual({
    data: { _service: { sdl: committed } },
  });
});

describe('_entities', () => {
  it('looks one run up once for a hundred representations of it', async () => {
    const representations = Array.from({ length: 100 }, () => runNamed(first));
    const { entities, errors, requests } = await askEntities(
      test,
      representations,
      '... on Run { id status }',
    );
    expect(errors).toBeUndefined();
    expect(entities).toHaveLength(100);
    expect(new Set(entities?.map((run) => JSON.stringify(run)))).toEqual(
      new Set([JSON.stringify({ id: first, status: runs[0]?.status.toUpperCase() })]),
    );
    expect(requests).toBe(1);
  });

  it('asks nothing upstream for the id of an agent', async () => {
    const { entities, requests } = await askEntities(test, [agentNamed(agentId(1))], '... on Agent { id }');
    expect(entities).toEqual([{ id: agentId(1) }]);
    expect(requests).toBe(0);
  });

  it('answers an agent without runs with an empty page', async () => {
    const nobody = agentNamed('agent-of-nobody');
    const { entities } = await askEntities(
      test,
      [nobody],
      '... on Agent { runs { nodes { id } pageInfo { hasNextPage } } }',
    );
    expect(entities).toEqual([{ runs: { nodes: [], pageInfo: { hasNextPage: false } } }]);
  });

  it('puts runs and agents in the order of their representations', async () => {
    const { entities, requests } = await askEntities(
      test,
      [runNamed(second), agentNamed(agentId(2)), runNamed(first), agentNamed(agentId(0))],
      '__typename ... on Run { id } ... on Agent { id runs(first: 1) { nodes { id } } }',
    );
    const agent = (number: number) => ({
      __typename: 'Agent',
      id: agentId(number),
      runs: { nodes: newest(runs, agentId(number), 1).map((id) => ({ id })) },
    });
    expect(entities).toEqual([
      { __typename: 'Run', id: second },
      agent(2),
      { __typename: 'Run', id: first },
      agent(0),
    ]);
    expect(requests).toBe(3);
  });

  it.each<[string, unknown, number]>([
    ['a run that is not there', 'run-00000000-0000-4000-8000-00000000dead', 1],
    ['an id that the upstream calls malformed', 'run-12345678', 1],
    ['the id of something else', 'step-00000000-0000-4000-8000-000000000000', 0],
    ["an agent's id", agentId(1), 0],
    ['an id with a path in it', 'run-12345678/../../agents', 0],
    ['an id in capitals', 'RUN-00000000-0000-4000-8000-000000000000', 0],
    ['an empty id', '', 0],
    ['a number', 12345678, 0],
    ['null', null, 0],
    ['no id at all', undefined, 0],
    ['a list of nothing', [], 0],
  ])('gives null for %s, and the others', async (_name, id, lookUps) => {
    const { entities, errors, requests } = await askEntities(
      test,
      [runNamed(first), runNamed(id), runNamed(second)],
      '... on Run { id }',
    );
    expect(errors).toBeUndefined();
    expect(entities).toEqual([{ id: first }, null, { id: second }]);
    expect(requests).toBe(2 + lookUps);
  });

  it.each(['agent-', 'agent-a/b', 'agent', first, '', null, 5, `agent-${'x'.repeat(129)}`])(
    'gives null for an agent of the id %j, and the others',
    async (id) => {
      const { entities, errors } = await askEntities(
        test,
        [agentNamed(agentId(0)), { __typename: 'Agent', id }, agentNamed(agentId(1))],
        '... on Agent { id runs(first: 1) { nodes { agentId } } }',
      );
      expect(errors).toBeUndefined();
      const entity = (agent: string) => ({ id: agent, runs: { nodes: [{ agentId: agent }] } });
      expect(entities).toEqual([entity(agentId(0)), null, entity(agentId(1))]);
    },
  );

  // A pattern makes a text of a list before it looks at it: `["run-…"]` must not pass for an id.
  it('gives null for a list with an id of a run in it, and asks nothing', async () => {
    const answer = await askEntities(test, [runNamed([first]), runNamed(second)], '... on Run { id }');
    expect(answer).toEqual({ entities: [null, { id: second }], requests: 1 });
  });

  it('gives null for an agent whose id is a list with an id in it', async () => {
    const agent = { __typename: 'Agent', id: [agentId(0)] };
    const answer = await askEntities(test, [agent], '... on Agent { runs(first: 1) { nodes { id } } }');
    expect(answer).toEqual({ entities: [null], requests: 0 });
  });

  it.each([{ __typename: 'Product', id: '1' }, { id: '1' }, { __typename: 'toString', id: '1' }])(
    'gives null and an error for %j, and the others',
    async (stranger) => {
      const { entities, errors } = await askEntities(test, [runNamed(first), stranger], '... on Run { id }');
      expect(entities).toEqual([{ id: first }, null]);
      expect(errors).toMatchObject([{ path: ['entities', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  it('answers any number of references to few agents in order, for their price and one look-up each', async () => {
    const representations = Array.from({ length: 1500 }, (_, number) => agentNamed(agentId(number % 50)));
    await using own = await startTestGateway({ runs: evenRuns(100, 50), config: { maxCost: 300 } });
    const { entities, errors, requests } = await askEntities(
      own,
      representations,
      '... on Agent { id name runs(first: 1) { nodes { id } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'COST_LIMIT_EXCEEDED', cost: 50 * 8 } }]);
    expect([entities, requests]).toEqual([representations.map(() => null), 0]);
    const cheaper = await askEntities(own, representations, '... on Agent { id name }');
    expect(cheaper.errors).toBeUndefined();
    expect(cheaper.entities).toEqual(representations.map(({ id }) => ({ id, name: nameOf(String(id)) })));
    expect(cheaper.requests).toBe(50);
  });

  it('answers 1,500 different runs, each by one look-up, and null for those that are gone', async () => {
    const many = evenRuns(1499, 7);
    await using own = await startTestGateway({ runs: many });
    const gone = 'run-00000000-0000-4000-8000-00000000dead';
    const ids = many.map(({ id }) => id).toSpliced(700, 0, gone);
    const { entities, errors, requests } = await askEntities(own, ids.map(runNamed), '... on Run { id }');
    expect(errors).toBeUndefined();
    expect(entities).toEqual(ids.map((id) => (id === gone ? null : { id })));
    expect(requests).toBe(1500);
  });
});

// What routers make of other answers is in docs/federation.md.
describe('What is refused as a whole', () => {
  const limited = { maxCost: 100 };
  const OF = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
  const TWO = `query ($of: [_Any!]!) {
    a: _entities(representations: $of) { __typename }
    b: _entities(representations: [{ __typename: "Run", id: "run-1" }]) { __typename }
  }`;
  const hundred = Array.from({ length: 100 }, (_, number) => `e${number}`);
  const OFTEN = `query ($of: [_Any!]!) {
    ${hundred.map((alias) => `${alias}: _entities(representations: $of) { __typename }`).join('\n')}
  }`;
  const NAMES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const ids = runs.map(({ id }) => id);
  const many = { of: Array.from({ length: 51 }, (_, number) => agentNamed(agentId(number))) };

  it.each([
    ['entities that cost too much', OF, many, { _entities: many.of.map(() => null) }, 'COST_LIMIT_EXCEEDED'],
    ['two lists of them', TWO, many, { a: many.of.map(() => null), b: [null] }, 'COST_LIMIT_EXCEEDED'],
    ['entities with wrong variables', OF, { of: null }, { _entities: [] }, 'BAD_USER_INPUT'],
    ['other ids', NAMES, { ids: [...ids, ...ids.map((id) => `${id}x`)] }, undefined, 'COST_LIMIT_EXCEEDED'],
    ['fields that share a list', OFTEN, { of: Array(2_000).fill(0) }, undefined, 'COST_LIMIT_EXCEEDED'],
  ])('of %s has data if a router can have asked for it', async (_name, query, variables, data, code) => {
    await using own = await startTestGateway({ config: limited });
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await own.gateway.fetch(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept },
          body: JSON.stringify({ query, variables }),
        }),
      );
      const isOk = data !== undefined || accept === 'application/json';
      expect(response.status).toBe(isOk ? 200 : 400);
      const answer = await response.json();
      expect(answer.errors).toMatchObject([{ extensions: { code, requestId: expect.any(String) } }]);
      expect(answer.data).toEqual(data);
    }
  });
});

it('What exceeds the rate limit or its time has null for each entity as well', async () => {
  const of = Array.from({ length: 60 }, (_, number) => runNamed(runs[number % 30]?.id));
  const refusal = async (config: object, rewrite?: (url: URL) => Promise<URL>) => {
    await using own = await startTestGateway({ runs, config, ...(rewrite && { rewrite }) });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({
        query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Run { status } } }',
        variables: { of },
      }),
    };
    const send = () => own.gateway.fetch(new Request('http://gateway/graphql', init));
    if ('rateLimit' in config) expect((await send()).status).toBe(200);
    const response = await send();
    const { data, errors } = await response.json();
    expect(data).toEqual({ _entities: of.map(() => null) });
    return [response.status, errors.length, errors[0].extensions.code];
  };
  expect(await refusal({ rateLimit: 70 })).toEqual([200, 1, 'RATE_LIMITED']);
  const silence = () => new Promise<URL>(() => undefined);
  expect(await refusal({ operationTimeoutMs: 300 }, silence)).toEqual([200, 1, 'OPERATION_TIMEOUT']);
});
