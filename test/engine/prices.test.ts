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
it.each(
  (cosmoCosts as readonly (Priced & { name: string; cost: number })[]).map(
    (each) => [each.name, each] as const,
  ),
)('An operation costs what Cosmo Router says: %s', (_name, each) => {
  expect(priceOf(each)).toBe(each.cost);
});

const ENTITIES = 'query ($all: [_Any!]!) { _entities(representations: $all)';
const WINDOW =
  'query ($min: Nanoseconds, $to: DateTime) { runs(first: 1, minDurationNs: $min, createdBefore: $to) { nodes { id } } }';
const MANY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const TOKENS = 'query ($n: Int) { runStats { tokens(first: $n) { totalTokens } } }';

it.each<[string, cost: number, query: string, variables?: Variables]>([
  // Cosmo takes them for lists without a size.
  ['nothing for the rows of a list without any', 5, '{ runs(first: 0) { nodes { id } } }'],
  ['nothing for less than no rows', 5, '{ runs(first: -1) { nodes { id } } }'],
  ['nothing for none by a variable', 5, 'query ($n: Int) { runs(first: $n) { nodes { id } } }', { n: 0 }],
  ['2 for a node, which may be a look-up', 2, `{ node(id: "${RUN}") { id } }`],
  ['2 for each id of nodes', 6, MANY, { ids: [RUN, `${RUN}1`, RUN] }],
  ['2 for each literal id', 4, `{ nodes(ids: ["${RUN}", "${RUN}"]) { id } }`],
  ['nothing for no ids', 0, '{ nodes(ids: []) { id } }'],
  ['2 for each entity', 4, `${ENTITIES} { ... on Run { id } } }`, { all: [{}, {}] }],
  [
    'what is selected of the most expensive type of entity',
    20,
    `${ENTITIES} { ... on Run { agent { id } } ... on Agent { runs(first: 3) { nodes { id } } } } }`,
    { all: [{}, {}] },
  ],
  [
    '2 for each entity that may be an agent',
    4,
    `${ENTITIES} { ... on Agent { name tags } } }`,
    { all: [{}, {}] },
  ],
  ['2 more for a duration to look up', 4, `{ run(id: "${RUN}") { totalDurationNs } }`],
  [
    '2 more for the position of a step that was looked up',
    4,
    `{ node(id: "step-1") { ... on RunStep { index } } }`,
  ],
  ['nothing more where the list has it', 6, '{ runs(first: 1) { nodes { totalDurationNs } } }'],
  ['nothing more in an edge', 7, '{ runs(first: 1) { edges { node { totalDurationNs } } } }'],
  [
    '2 for metrics beside a duration that the list has',
    5 + 3 * (1 + 2),
    '{ runs(first: 3) { nodes { totalDurationNs metrics { stepCount } } } }',
  ],
  [
    '2 for both, if they are looked up together',
    2 + 2,
    `{ run(id: "${RUN}") { totalDurationNs metrics { stepCount } } }`,
  ],
  [
    '2 for looking an agent up, however many fields are selected',
    5 + 3 + 3 * (1 + 2),
    '{ runs(first: 3) { nodes { agent { id name tags again: name model timezone } } } }',
  ],
  ['nothing for the id of an agent', 11, '{ runs(first: 3) { nodes { agent { id __typename } } } }'],
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
    { ids: [RUN, `${RUN}1`, RUN] },
  ],
  [
    'a run and a failure for each run to cancel',
    2 * (10 + (1 + 2) + 1),
    `mutation { cancelRuns(ids: ["${RUN}", "${RUN}"]) { runs { id usage { totalTokens } } failures { code } } }`,
  ],
  ['nothing for no runs to cancel', 0, 'mutation { cancelRuns(ids: []) { runs { id } } }'],
  ['as much for a single one', 11, `mutation { cancelRuns(ids: "${RUN}") { runs { id } } }`],
  ['20 for a bound of time', 26, '{ runs(first: 1, createdAfter: "2026-01-01T00:00:00Z") { nodes { id } } }'],
  ['250 for one of durations', 256, '{ runs(first: 1, maxDurationNs: 5) { nodes { id } } }'],
  ['the same by variables', 276, WINDOW, { min: 1, to: '2026-01-01T00:00:00Z' }],
  ['nothing for bounds that are null', 256, WINDOW, { min: 1, to: null }],
  ['nothing for bounds that are not given', 6, WINDOW],
  ['nothing for a literal null', 6, '{ runs(first: 1, minDurationNs: null) { nodes { id } } }'],
  [
    'as often as there are lists',
    2 + 1 + 250 + 5 + 2 * (1 + 1 + 250 + 5 + 1),
    `{ run(id: "${RUN}") { agent { runs(first: 2, minDurationNs: 1) { nodes { agent { runs(first: 1, minDurationNs: 1) { nodes { id } } } } } } } }`,
  ],
  ['500 for totalCount', 506, '{ runs(first: 1) { totalCount { value } nodes { id } } }'],
  [
    '500 for runStats, and what is selected of it',
    500 + 1 + 6 * 2 + 3 * (1 + 3 + 1) + 1,
    '{ runStats { count { value } byStatus { status count { value } } byAgent(first: 3) { agent { name } count { value } } durations { p50 } } }',
  ],
  ['200 more for its tokens', 700, '{ runStats { tokens { totalTokens } } }'],
  ['2 for each run whose tokens are added up', 506, TOKENS, { n: 3 }],
  ['2 for each of a thousand', 2500, TOKENS, { n: 1000 }],
  ['nothing less for fewer than none', 500, TOKENS, { n: -9 }],
  ['2 for each run whose failure is grouped', 700, '{ runStats { byFailure(first: 1) { code message } } }'],
  ['2 for each of so many', 506, '{ runStats { byFailure(runs: 3) { code agentCount runIds } } }'],
  [
    '2 more for the messages of each',
    500 + 500 * (2 + 2),
    'query ($n: Int) { runStats { byFailure(runs: $n) { toolName code } } }',
    { n: 500 },
  ],
  ['1 for each of 300 periods', 800, '{ runStats { overTime(by: HOUR) { from failed } } }'],
  [
    '1 for each object in them',
    1400,
    '{ runStats { overTime(by: DAY) { count { value } durations { p50 } } } }',
  ],
  ['1 for each of the slowest runs', 510, '{ runStats { slowest { id totalDurationNs } } }'],
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
  expect(priceOf({ query: `{ runStats { ${field} { __typename } } }` })).toBe(500 + values + none);
});
