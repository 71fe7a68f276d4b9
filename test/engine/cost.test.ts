import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/index.ts';
import { schema } from '../../src/schema/index.ts';
import { execute } from '../support/execute.ts';
import { AGENT_IDS, randomRuns } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import cosmoCosts from './cosmo-costs.json' with { type: 'json' };

interface Priced {
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName?: string;
  readonly cost: number;
}

function costOf({ query, variables, operationName }: Omit<Priced, 'name' | 'cost'>): number {
  const engine = createEngine({ schema, copiesRows: true, maxCost: Infinity, maxResponseBytes: 1e9 });
  const operation = engine.prepare({ query, variables, operationName });
  if (!('cost' in operation)) throw new Error(operation.map(({ message }) => message).join());
  return operation.cost.cost;
}

const RUN = 'run-11111111-1111-4111-8111-111111111111';

// Worked out by the cost code of Cosmo Router's engine (graphql-go-tools 2.4.1, with its later rules
// for unions and lists of enums).
describe('An operation costs what Cosmo Router says', () => {
  it.each((cosmoCosts as readonly Priced[]).map((each) => [each.name, each] as const))(
    '%s',
    (_name, each) => {
      expect(costOf(each)).toBe(each.cost);
    },
  );
});

describe('Beyond what routers see, an operation costs', () => {
  it.each<[string, string, Record<string, unknown>, number]>([
    // Cosmo takes them for lists without a size.
    ['nothing for the rows of a list without any', '{ runs(first: 0) { nodes { id } } }', {}, 5],
    ['nothing for less than no rows', '{ runs(first: -1) { nodes { id } } }', {}, 5],
    [
      'nothing for no rows by a variable',
      'query ($first: Int) { runs(first: $first) { nodes { id } } }',
      { first: 0 },
      5,
    ],
    ['2 for a node, which may be a look-up', `{ node(id: "${RUN}") { id } }`, {}, 2],
    [
      '2 for each different id of nodes',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [RUN, `${RUN}1`, RUN, `${RUN}2`] },
      6,
    ],
    ['2 for each literal id', `{ nodes(ids: ["${RUN}", "${RUN}"]) { id } }`, {}, 4],
    ['nothing for no ids', '{ nodes(ids: []) { id } }', {}, 0],
    [
      '2 for each entity',
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Run { id } } }',
      { all: [{}, {}] },
      4,
    ],
    [
      'no more for the same entities again, of the same type',
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Run { id } } }',
      {
        all: [
          { __typename: 'Run', id: 'a' },
          { id: 'a', __typename: 'Run', status: 'x' },
          { __typename: 'Agent', id: 'a' },
          { __typename: 'Run', id: 'b' },
        ],
      },
      6,
    ],
    [
      'and what is selected of the most expensive type of entity',
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Run { id } ... on Agent { runs(first: 3) { nodes { id } } } } }',
      { all: [{}, {}] },
      20,
    ],
    ['2 more for a duration that has to be looked up', `{ run(id: "${RUN}") { totalDurationNs } }`, {}, 4],
    ['nothing more where the list has it', '{ runs(first: 1) { nodes { totalDurationNs } } }', {}, 6],
    [
      '2 for looking an agent up, however many fields are selected',
      '{ runs(first: 3) { nodes { agent { id name tags again: name model timezone } } } }',
      {},
      // The list, 3 runs, and 3 agents with a look-up each.
      5 + 3 + 3 * (1 + 2),
    ],
    ['nothing for the id of an agent', '{ runs(first: 3) { nodes { agent { id __typename } } } }', {}, 11],
    [
      '2 for each place where the agent of a run is selected',
      `{ run(id: "${RUN}") { agent { name } same: agent { name } } }`,
      {},
      2 + 2 * (1 + 2),
    ],
    [
      'nothing more where the agent was looked up to be found',
      `{ node(id: "${AGENT_IDS[0]}") { ... on Agent { name tags } } }`,
      {},
      2,
    ],
    [
      '2 for each entity that may be an agent to look up',
      'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Agent { name tags } } }',
      { all: [{}, {}] },
      4,
    ],
    [
      'a look-up beside the runs of the agent',
      `{ run(id: "${RUN}") { agent { name runs(first: 1) { nodes { id } } } } }`,
      {},
      2 + 1 + 2 + 5 + 1,
    ],
    [
      'two reads and a request for each run to cancel, whether or not they share it',
      'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { __typename } }',
      { ids: [RUN, `${RUN}1`, RUN, `${RUN}2`] },
      3 * (2 + 2 + 2),
    ],
    [
      'and a run and a failure for each',
      `mutation { cancelRuns(ids: ["${RUN}", "${RUN}"]) { runs { id usage { totalTokens } } failures { code } } }`,
      {},
      2 * (6 + (1 + 2) + 1),
    ],
    ['nothing for no runs to cancel', 'mutation { cancelRuns(ids: []) { runs { id } } }', {}, 0],
    ['as much for a single one', `mutation { cancelRuns(ids: "${RUN}") { runs { id } } }`, {}, 7],
    ['nothing more in an edge', '{ runs(first: 1) { edges { node { totalDurationNs } } } }', {}, 7],
  ])('%s', (_name, query, variables, cost) => {
    expect(costOf({ query, variables })).toBe(cost);
  });
});

describe('Reading a list in vain, or to count, costs', () => {
  const window =
    'query ($min: Nanoseconds, $to: DateTime) { runs(first: 1, minDurationNs: $min, createdBefore: $to) { nodes { id } } }';
  it.each<[string, string, Record<string, unknown>, number]>([
    [
      '20 for a bound of time',
      '{ runs(first: 1, createdAfter: "2026-01-01T00:00:00Z") { nodes { id } } }',
      {},
      26,
    ],
    ['250 for one of durations', '{ runs(first: 1, maxDurationNs: 5) { nodes { id } } }', {}, 256],
    ['the same with variables', window, { min: 1, to: '2026-01-01T00:00:00Z' }, 276],
    ['nothing for those that are null', window, { min: 1, to: null }, 256],
    ['nothing for those that are not given', window, {}, 6],
    ['nothing for a literal null', '{ runs(first: 1, minDurationNs: null) { nodes { id } } }', {}, 6],
    [
      'as often as there are lists',
      `{ run(id: "${RUN}") { agent { runs(first: 2, minDurationNs: 1) { nodes { agent { runs(first: 1, minDurationNs: 1) { nodes { id } } } } } } } }`,
      {},
      2 + 1 + 250 + 5 + 2 * (1 + 1 + 250 + 5 + 1),
    ],
    ['500 for totalCount', '{ runs(first: 1) { totalCount { value } nodes { id } } }', {}, 506],
    [
      '500 for runStats, and what is selected of it',
      '{ runStats { count { value } byStatus { status count { value } } byAgent(first: 3) { agent { name } count { value } } durations { p50 } } }',
      {},
      500 + 1 + 6 * 2 + 3 * (1 + 3 + 1) + 1,
    ],
    ['200 more for its tokens', '{ runStats { tokens { totalTokens } } }', {}, 700],
    [
      '2 for each run whose tokens are added up',
      '{ runStats { tokens(first: 3) { totalTokens } } }',
      {},
      506,
    ],
    [
      'the same with a variable',
      'query ($n: Int) { runStats { tokens(first: $n) { totalTokens } } }',
      { n: 1000 },
      2500,
    ],
    ['nothing less for fewer than none', '{ runStats { tokens(first: -9) { totalTokens } } }', {}, 500],
    ['1 for each of 100 periods', '{ runStats { overTime(by: HOUR) { from failed } } }', {}, 600],
    [
      'and for each object in them',
      '{ runStats { overTime(by: DAY) { count { value } durations { p50 } } } }',
      {},
      800,
    ],
    ['1 for each of the slowest runs', '{ runStats { slowest { id totalDurationNs } } }', {}, 510],
    [
      'as many as are asked for, and what each needs',
      '{ runStats { slowest(first: 3) { totalDurationNs agent { name } usage { totalTokens } } } }',
      {},
      500 + 3 * (1 + 1 + 2 + 2),
    ],
  ])('%s', (_name, query, variables, cost) => {
    expect(costOf({ query, variables })).toBe(cost);
  });
});

describe('A price', () => {
  it('is that of the variables that are sent, whatever was asked before', () => {
    const engine = createEngine({ schema, copiesRows: true, maxCost: 500, maxResponseBytes: 1e9 });
    const query =
      'query ($first: Int, $id: ID = "a") { runs(first: $first, agentId: $id) { nodes { id } } nodes(ids: [$id]) { id } }';
    const asked: Record<string, unknown>[] = [
      { first: 10 },
      { first: 10 },
      { first: 20 },
      { first: null },
      {},
      { first: 900 },
      { first: 10, id: 'b' },
      { first: 10, id: 'b'.repeat(1000) },
      { first: 10, toString: 1 },
      { first: 900 },
      { first: 10 },
    ];
    const priced = (of: ReturnType<typeof createEngine>, variables: Record<string, unknown>) => {
      const operation = of.prepare({ query, variables, operationName: undefined });
      return 'cost' in operation ? [operation.cost, operation.fieldCosts()] : operation[0]?.message;
    };
    const fresh = () => createEngine({ schema, copiesRows: true, maxCost: 500, maxResponseBytes: 1e9 });
    expect(asked.map((variables) => priced(engine, variables))).toEqual(
      asked.map((variables) => priced(fresh(), variables)),
    );
  });
});

describe('The limit', () => {
  it('refuses what costs more before the upstream is asked, and says why', async () => {
    await using test = await startTestGateway({ runs: randomRuns(5, 1), config: { maxCost: 110 } });
    const query =
      'query ($n: Int) { few: runs(first: 1) { nodes { id } } many: runs(first: $n) { nodes { id } } }';
    const { errors } = await execute(test.gateway, query, { n: 100 });
    expect(errors).toEqual([
      {
        message:
          'The operation costs 111, but the limit is 110. The most expensive field is many.nodes, with 100. Request fewer rows at once.',
        locations: [{ line: 1, column: 1 }],
        extensions: {
          code: 'COST_LIMIT_EXCEEDED',
          cost: 111,
          maxCost: 110,
          field: 'many.nodes',
          retryable: false,
          requestId: expect.any(String),
        },
      },
    ]);
    expect(test.upstreamRequests).toEqual([]);
    expect(await execute(test.gateway, query, { n: 99 })).toMatchObject({ data: { few: expect.anything() } });
  });

  it('is shown with the costs of the fields to a client that asks', async () => {
    await using test = await startTestGateway({ runs: randomRuns(5, 1) });
    const query = `{ runs(first: 2) { nodes { id agent { runs(first: 3) { nodes { id } } } } pageInfo { hasNextPage } } node(id: "${AGENT_IDS[0]}") { id } }`;
    const { extensions } = (await execute(test.gateway, query, undefined, { 'graphql-cost-debug': '1' })) as {
      extensions?: unknown;
    };
    expect(extensions).toEqual({
      cost: {
        estimated: 28,
        fields: {
          'runs.nodes.agent.runs': 10,
          'runs.nodes.agent.runs.nodes': 6,
          runs: 5,
          'runs.nodes': 2,
          'runs.nodes.agent': 2,
          node: 2,
          'runs.pageInfo': 1,
        },
      },
    });
    expect(await execute(test.gateway, query)).not.toHaveProperty('extensions');
    const refused = '{ runs(first: 1000) { nodes { agent { runs(first: 1000) { nodes { id } } } } } }';
    const answer = await execute(test.gateway, refused, undefined, { 'graphql-cost-debug': '1' });
    expect(answer).toMatchObject({
      errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED', cost: 1_007_005 } }],
    });
    expect(answer).not.toHaveProperty('extensions');
  });
});
