import { readFileSync } from 'node:fs';
import { assertEnumType, GraphQLError, parse, print, visit } from 'graphql';
import { expect, it } from 'vitest';
import { createEngine } from '../../src/engine/index.ts';
import { schema } from '../../src/schema/index.ts';
import { AGENT_IDS } from '../support/random-runs.ts';
import cosmoCosts from './cosmo-costs.json' with { type: 'json' };

type Variables = Readonly<Record<string, unknown>>;

interface Priced {
  readonly query: string;
  readonly variables?: Variables;
  readonly operationName?: string;
}

const engine = createEngine({ schema, rowCopying: true, maxCost: Infinity, maxResponseBytes: 1e9 });

function priceOf({ query, variables = {}, operationName }: Priced): number | string {
  try {
    return engine.prepare(parse(query), operationName, variables).cost;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

const RUN = 'run-11111111-1111-4111-8111-111111111111';

// Worked out by the cost code of Cosmo Router's engine (graphql-go-tools 2.4.1, with its later rules
// for unions and lists of enums).
it.each(cosmoCosts as readonly (Priced & { name: string; cost: number })[])(
  'An operation costs what Cosmo Router says: $name',
  ({ cost, ...operation }) => expect(priceOf(operation)).toBe(cost),
);

const listed = (args: string, selection = 'id') => `{ runs(${args}) { nodes { ${selection} } } }`;
const lookedUp = (selection: string) => `{ run(id: "${RUN}") { ${selection} } }`;
const statistics = (selection: string) => `{ runStats { ${selection} } }`;
const entities = (selection: string) =>
  `query ($all: [_Any!]!) { _entities(representations: $all) { ${selection} } }`;
const cancelled = (ids: string, selection = 'runs { id }') =>
  `mutation { cancelRuns(ids: ${ids}) { ${selection} } }`;
const WINDOW = `query ($min: Nanoseconds, $to: DateTime) ${listed('first: 1, minDurationNs: $min, createdBefore: $to')}`;
const TOKENS = `query ($n: Int) ${statistics('tokens(first: $n) { totalTokens }')}`;
const NESTED = 'runs(first: 1, minDurationNs: 1) { nodes { id } }';
const ALL_STATISTICS =
  'count { value } byStatus { status count { value } } byAgent(first: 3) { agent { name } count { value } } durations { p50 }';

it.each<[string, cost: number, query: string, variables?: Variables]>([
  // Cosmo takes them for lists without a size.
  ['nothing for the rows of a list without any', 5, listed('first: 0')],
  ['nothing for less than no rows', 5, listed('first: -1')],
  ['nothing for none by a variable', 5, `query ($n: Int) ${listed('first: $n')}`, { n: 0 }],
  ['2 for a node, which may be a look-up', 2, `{ node(id: "${RUN}") { id } }`],
  ['2 for each id of nodes', 6, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [RUN, 'x', RUN] }],
  ['2 for each literal id', 4, `{ nodes(ids: ["${RUN}", "${RUN}"]) { id } }`],
  ['nothing for no ids', 0, '{ nodes(ids: []) { id } }'],
  ['2 for each entity', 4, entities('... on Run { id }'), { all: [{}, {}] }],
  [
    'what is selected of the most expensive type of entity',
    20,
    entities('... on Run { agent { id } } ... on Agent { runs(first: 3) { nodes { id } } }'),
    { all: [{}, {}] },
  ],
  ['2 for each entity that may be an agent', 4, entities('... on Agent { name tags }'), { all: [{}, {}] }],
  ['2 more for a duration to look up', 4, lookedUp('totalDurationNs')],
  [
    '2 more for the index of a step that was looked up',
    4,
    '{ node(id: "step-1") { ... on RunStep { index } } }',
  ],
  ['nothing more where the list has it', 6, listed('first: 1', 'totalDurationNs')],
  ['nothing more in an edge', 7, '{ runs(first: 1) { edges { node { totalDurationNs } } } }'],
  ['2 for metrics beside a listed duration', 14, listed('first: 3', 'totalDurationNs metrics { stepCount }')],
  ['2 for both, if they are looked up together', 4, lookedUp('totalDurationNs metrics { stepCount }')],
  [
    '2 for looking an agent up, however many fields are selected',
    5 + 3 + 3 * (1 + 2),
    listed('first: 3', 'agent { id name tags again: name model timezone }'),
  ],
  ['nothing for the id of an agent', 11, listed('first: 3', 'agent { id __typename }')],
  [
    'nothing more for an agent that was looked up',
    2,
    `{ node(id: "${AGENT_IDS[0]}") { ... on Agent { name } } }`,
  ],
  ['nothing more for an agent of their list', 5 + 10, '{ agents(first: 10) { nodes { name tags } } }'],
  [
    'four reads and a request for each run to cancel',
    3 * (4 * 2 + 2),
    'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { __typename } }',
    { ids: [RUN, 'x', RUN] },
  ],
  [
    'a run and a failure for each run to cancel',
    2 * (10 + (1 + 2) + 1),
    cancelled(`["${RUN}", "${RUN}"]`, 'runs { id usage { totalTokens } } failures { code }'),
  ],
  ['nothing for no runs to cancel', 0, cancelled('[]')],
  ['as much for a single one', 11, cancelled(`"${RUN}"`)],
  ['20 for a bound of time', 26, listed('first: 1, createdAfter: "2026-01-01T00:00:00Z"')],
  ['250 for one of durations', 256, listed('first: 1, maxDurationNs: 5')],
  ['the same by variables', 276, WINDOW, { min: 1, to: '2026-01-01T00:00:00Z' }],
  ['nothing for bounds that are null', 256, WINDOW, { min: 1, to: null }],
  ['nothing for bounds that are not given', 6, WINDOW],
  ['nothing for a literal null', 6, listed('first: 1, minDurationNs: null')],
  [
    'as often as there are lists',
    2 + 1 + 250 + 5 + 2 * (1 + 1 + 250 + 5 + 1),
    lookedUp(`agent { runs(first: 2, minDurationNs: 1) { nodes { agent { ${NESTED} } } } }`),
  ],
  ['500 for totalCount', 506, '{ runs(first: 1) { totalCount { value } nodes { id } } }'],
  [
    '500 for runStats, and what is selected of it',
    500 + 1 + 6 * 2 + 3 * (1 + 3 + 1) + 1,
    statistics(ALL_STATISTICS),
  ],
  ['200 more for its tokens', 700, statistics('tokens { totalTokens }')],
  ['2 for each run whose tokens are added up', 506, TOKENS, { n: 3 }],
  ['2 for each of a thousand', 2500, TOKENS, { n: 1000 }],
  ['nothing less for fewer than none', 500, TOKENS, { n: -9 }],
  ['2 for each run whose failure is grouped', 700, statistics('byFailure(first: 1) { code message }')],
  ['2 for each of so many', 506, statistics('byFailure(runs: 3) { code agentCount runIds }')],
  [
    '2 more for the messages of each',
    500 + 500 * (2 + 2),
    statistics('byFailure(runs: 500) { toolName code }'),
  ],
  ['1 for each of 300 periods', 800, statistics('overTime(by: HOUR) { from failed }')],
  ['1 for each object in them', 1400, statistics('overTime(by: DAY) { count { value } durations { p50 } }')],
  ['1 for each of the slowest runs', 510, statistics('slowest { id totalDurationNs }')],
])('Beyond what routers see, an operation costs %s', (_name, cost, query, variables = {}) => {
  expect(priceOf({ query, variables })).toBe(cost);
});

it('Every list of the subgraph has a size, so that no router assumes one', () => {
  const lists: { readonly name: string; readonly isSized: boolean }[] = [];
  visit(parse(readFileSync('schema/subgraph.graphql', 'utf8')), {
    FieldDefinition({ name: { value: name }, type, directives = [] }) {
      const isSized = directives.some((directive) => directive.name.value === 'listSize');
      if (print(type).startsWith('[')) lists.push({ name, isSized });
    },
  });
  // Those of a connection have the size of the field that it is in.
  const unsized = new Set(lists.flatMap(({ name, isSized }) => (isSized ? [] : [name])));
  expect(lists.length).toBeGreaterThan(10);
  expect(unsized).toEqual(new Set(['edges', 'nodes', 'runs', 'failures', 'denied']));
});

it.each([
  ['byOutcome', 'RunOutcome', 0],
  ['byStatus', 'RunStatus', 0],
  ['byStopReason', 'StopReason', 1],
])('%s costs 1 for each value of %s, and for none', (field, type, none) => {
  const values = assertEnumType(schema.getType(type)).getValues().length;
  expect(priceOf({ query: statistics(`${field} { __typename }`) })).toBe(500 + values + none);
});
