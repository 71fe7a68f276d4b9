import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { agentsOf } from '../support/agents.ts';
import { execute } from '../support/execute.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { type RoundProxy, startRoundProxy } from '../support/round-proxy.ts';

const [MODEL] = randomRuns(1, 1);
const idOf = (index: number): string => `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
const agentOf = (index: number): string =>
  `agent-${String(index % 60).padStart(8, '0')}-0000-4000-8000-000000000000`;
const minute = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart, of many agents. */
const RUNS: readonly RandomRun[] = Array.from({ length: 2500 }, (_, index) => ({
  ...MODEL!,
  id: idOf(index),
  agent_id: agentOf(index),
  created_at: minute(index),
  run_ns: index % 100 === 0 ? 1000 : 1,
}));
const window = (from: number, to: number): string =>
  `createdAfter: "${minute(from)}", createdBefore: "${minute(to)}"`;
const BOTH = 'pageInfo { hasNextPage hasPreviousPage }';
const EVERYTHING = `id status
  steps(first: 20) { nodes { id } } messages(first: 20) { nodes { id } } usage { totalTokens } metrics { stepCount }`;
const CURSOR = { key: minute(2000).replace('Z', '.000000'), id: idOf(2000) };
const FIFTY = Array.from({ length: 50 }, (_, index) => `"${idOf(index)}"`).join(' ');
/** The agents as another service refers to them. */
const AGENTS = Array.from(
  { length: 60 },
  (_, index) => `{ __typename: "Agent", id: "${agentOf(index)}" }`,
).join(' ');

/** What is selected, its query, and its round trips in a row over the Cloud and over a self-hosted API. */
type Shape = readonly [what: string, query: string, cloud: number, selfHosted: number];

const SHAPES: readonly Shape[] = [
  ['a page, with or without flags', `runs(first: 50) { nodes { id } ${BOTH} }`, 1, 1],
  [
    'a page behind a cursor, with both flags',
    `runs(first: 50, after: "${encodeCursor(CURSOR)}") { nodes { id } ${BOTH} }`,
    1,
    1,
  ],
  ['a page behind the id of a run', `runs(first: 50, after: "${CURSOR.id}") { nodes { id } ${BOTH} }`, 1, 1],
  [
    'the same of one agent',
    `runs(first: 5, agentId: "${agentOf(7)}", after: "${CURSOR.id}") { nodes { id } ${BOTH} }`,
    2,
    2,
  ],
  ['a run', `run(id: "${idOf(7)}") { id status }`, 1, 1],
  ['a run with its steps, messages, usage and metrics', `run(id: "${idOf(7)}") { ${EVERYTHING} }`, 1, 1],
  ['the same with its agent', `run(id: "${idOf(7)}") { ${EVERYTHING} agent { name } }`, 2, 2],
  ['the tokens of 50 runs', 'runs(first: 50) { nodes { id usage { totalTokens } } }', 2, 2],
  ['the agents of 50 runs', 'runs(first: 50) { nodes { id agent { name } } }', 2, 2],
  ['50 runs by their ids', `nodes(ids: [${FIFTY}]) { id }`, 1, 1],
  [
    'the runs of 60 agents',
    `_entities(representations: [${AGENTS}]) { ... on Agent { runs(first: 5) { nodes { id } } } }`,
    1,
    1,
  ],
  [
    'a window in which the list begins',
    `runs(first: 50, createdAfter: "${minute(2400)}") { nodes { id } ${BOTH} }`,
    1,
    1,
  ],
  [
    'a window 500 rows from the start',
    `runs(first: 10, ${window(2000, 2010)}) { nodes { id } ${BOTH} }`,
    2,
    2,
  ],
  ['a window 500 rows from the end', `runs(first: 10, ${window(500, 510)}) { nodes { id } ${BOTH} }`, 2, 2],
  [
    'a window 1,250 rows from either end',
    `runs(first: 10, ${window(1245, 1255)}) { nodes { id } ${BOTH} }`,
    3,
    2,
  ],
  ['`runStats` of 2,500 runs', 'runStats { count { value } durations { max } }', 3, 3],
  [
    'tokens of `runStats` of 50 runs',
    `runStats(createdAfter: "${minute(2450)}") { tokens { totalTokens } }`,
    2,
    2,
  ],
];

/** The table of the docs, without its head. */
function documented(): string[][] {
  const [, section = ''] = readFileSync('docs/performance.md', 'utf8').split('## Round trips');
  const rows = section.split(/^#/m)[0]?.match(/^\|.*\|$/gm) ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('The docs say how many round trips each selection takes', () => {
  expect(documented()).toEqual(SHAPES.map(([what, , ...counts]) => [what, ...counts.map(String)]));
});

describe.each(['cloud', 'self-hosted'] as const)('Round trips in a row, over an API like %s', (profile) => {
  let proxy: RoundProxy;
  let gateway: Gateway;

  beforeAll(async () => {
    await using starting = new AsyncDisposableStack();
    const store = starting.use(openStore());
    store.insert(RUNS);
    store.agents.insert(agentsOf(RUNS));
    const api = starting.use(await startRunsApi({ store, profile }));
    proxy = starting.use(await startRoundProxy(api.baseUrl));
    gateway = starting.use(await createGateway({ upstreamUrl: proxy.baseUrl, apiKey: 'key' }));
    const parts = starting.move();
    // The first window finds out whether there is an internal list.
    await execute(gateway, `{ runs(first: 1, ${window(1, 2)}) { nodes { id } } }`);
    return () => parts.disposeAsync();
  });

  it.each(SHAPES)('%s', async (_what, query, cloud, selfHosted) => {
    proxy.rounds.length = 0;
    const { errors } = await execute(gateway, `{ ${query} }`);
    expect(errors).toBeUndefined();
    expect(proxy.rounds, JSON.stringify(proxy.rounds)).toHaveLength(profile === 'cloud' ? cloud : selfHosted);
  });
});
