import { beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { ask } from './ask.ts';

const idOf = (n: number): string => `run-${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const agentOf = (n: number): string => `agent-${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const minute = (n: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, n)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart, of sixty agents. */
const RUNS = Array.from({ length: 2500 }, (_, n) => ({
  id: idOf(n),
  agent_id: agentOf(n % 60),
  created_at: minute(n),
  run_ns: n,
}));
const FIFTY = RUNS.slice(0, 50).map(({ id }) => `"${id}"`);
/** The agents as another service refers to them. */
const AGENTS = Array.from({ length: 60 }, (_, n) => `{ __typename: "Agent", id: "${agentOf(n)}" }`);
const window = (from: number, to: number) =>
  `createdAfter: "${minute(from)}", createdBefore: "${minute(to)}"`;
const FLAGS = 'pageInfo { hasNextPage hasPreviousPage }';
const DETAILS = `id status
  steps(first: 20) { nodes { id } } messages(first: 20) { nodes { id } } usage { totalTokens } metrics { stepCount }`;

/** As the docs have it: what is selected, and round trips in a row over the Cloud and over a self-hosted API. */
const SHAPES: readonly (readonly [what: string, query: string, cloud: number, selfHosted: number])[] = [
  ['a page, with or without flags', `runs(first: 50) { nodes { id } ${FLAGS} }`, 1, 1],
  [
    'a page behind the id of a run',
    `runs(first: 50, after: "${idOf(2000)}") { nodes { id } ${FLAGS} }`,
    1,
    1,
  ],
  [
    'the same of one agent',
    `runs(first: 5, agentId: "${agentOf(7)}", after: "${idOf(2000)}") { nodes { id } ${FLAGS} }`,
    2,
    2,
  ],
  ['a run', `run(id: "${idOf(7)}") { id status }`, 1, 1],
  ['a run with its steps, messages, usage and metrics', `run(id: "${idOf(7)}") { ${DETAILS} }`, 1, 1],
  ['the same with its agent', `run(id: "${idOf(7)}") { ${DETAILS} agent { name } }`, 2, 2],
  ['the tokens of 50 runs', 'runs(first: 50) { nodes { id usage { totalTokens } } }', 2, 2],
  ['the agents of 50 runs', 'runs(first: 50) { nodes { id agent { name } } }', 2, 2],
  ['50 runs by their ids', `nodes(ids: [${FIFTY.join()}]) { id }`, 1, 1],
  [
    'the runs of 60 agents',
    `_entities(representations: [${AGENTS.join()}]) { ... on Agent { runs(first: 5) { nodes { id } } } }`,
    1,
    1,
  ],
  [
    'a window in which the list begins',
    `runs(first: 50, createdAfter: "${minute(2400)}") { nodes { id } ${FLAGS} }`,
    1,
    1,
  ],
  [
    'a window 500 rows from the start',
    `runs(first: 10, ${window(2000, 2010)}) { nodes { id } ${FLAGS} }`,
    2,
    2,
  ],
  ['a window 500 rows from the end', `runs(first: 10, ${window(500, 510)}) { nodes { id } ${FLAGS} }`, 2, 2],
  [
    'a window 1,250 rows from either end',
    `runs(first: 10, ${window(1245, 1255)}) { nodes { id } ${FLAGS} }`,
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

describe.each(['cloud', 'self-hosted'] as const)('Over an API like %s', (profile) => {
  let test: OpenGateway;
  let rounds = 0;

  beforeAll(async () => {
    test = await openGateway({ runs: RUNS, profile });
    let round: Promise<void> | undefined;
    /** Requests that come until no more come are one round. */
    const begin = async (): Promise<void> => {
      rounds++;
      // oxlint-disable-next-line no-await-in-loop -- One turn after the other.
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
      round = undefined;
    };
    test.upstream.script = async (_request, next) => {
      await (round ??= begin());
      return next();
    };
    // The first window finds out whether there is an internal list.
    await execute(test.gateway, `{ runs(first: 1, ${window(1, 2)}) { nodes { id } } }`);
    return () => test[Symbol.asyncDispose]();
  });

  it.each(SHAPES)('%s takes so many round trips in a row', async (_what, query, cloud, selfHosted) => {
    rounds = 0;
    const { errors } = await execute<unknown, never>(test.gateway, `{ ${query} }`);
    expect(errors).toBeUndefined();
    expect(rounds).toBe(profile === 'cloud' ? cloud : selfHosted);
  });
});

describe('Addresses', () => {
  it.each([
    ['as they usually are', 42],
    ['as long as they can be', 134],
  ])('are as short as every proxy takes them, for 500 agents with ids %s', async (_name, length) => {
    const test = await openGateway({ runs: RUNS.slice(0, 300) });
    await using _closed = test;
    const known = [agentOf(3), agentOf(5), agentOf(50)];
    const unknown = Array.from({ length: 497 }, (_, n) => `agent-${n}-`.padEnd(length, 'x'));
    const many = unknown.toSpliced(400, 0, ...known.slice(1)).toSpliced(10, 0, ...known.slice(0, 1));
    const page = (agentIds: readonly string[], args: string) =>
      `{ runs(agentIds: ${JSON.stringify(agentIds)}, ${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
    for (const args of ['first: 5', 'last: 7', 'first: 5, order: ASC']) {
      // oxlint-disable-next-line no-await-in-loop -- One query after the other.
      const [expected, answer] = await Promise.all(
        [known, many].map((ids) => ask(test.gateway, 'one', page(ids, args))),
      );
      expect(expected).toMatchObject({
        data: { runs: { nodes: expect.arrayContaining([expect.anything()]) } },
      });
      expect(answer).toEqual(expected);
    }
    const longest = Math.max(...test.upstream.urls.map((url) => url.length));
    expect(longest).toBeGreaterThan(2500);
    expect(longest).toBeLessThanOrEqual(7501);
  });

  it('never have a limit of 0, for which old servers send everything', async () => {
    const test = await openGateway({ runs: RUNS.slice(0, 30) });
    await using _closed = test;
    const empty = ['first: 0', 'last: 0', 'first: 0, minDurationNs: 1', `last: 0, before: "${idOf(3)}"`];
    const pages = empty.map((args, n) => `p${n}: runs(${args}) { nodes { id } ${FLAGS} }`).join(' ');
    const details = 'steps(first: 0) { nodes { id } } messages(last: 0) { nodes { id } }';
    await ask(test.gateway, 'one', `{ ${pages} run(id: "${idOf(3)}") { ${details} } }`);
    expect(test.upstream.urls.length).toBeGreaterThan(0);
    expect(test.upstream.urls.filter((url) => /[?&]limit=(?:0|-)/.test(url))).toEqual([]);
  });
});
