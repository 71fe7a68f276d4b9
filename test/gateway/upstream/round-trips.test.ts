import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/lists/pages/cursor.ts';
import { MAX_FILTERED_AGENTS } from '../../../src/runs/limits.ts';
import { ask } from '../../support/ask.ts';
import { settle } from '../../support/clock.ts';
import { forAll } from '../../support/for-all.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';

const minute = (n: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, n)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart, of sixty agents. */
const RUNS = Array.from({ length: 2500 }, (_, n) => ({
  id: runId(n),
  agent_id: agentId(n % 60),
  created_at: minute(n),
  run_ns: n,
}));
/** The longest ids that agents may have. */
const LONG_IDS = Array.from({ length: 90 }, (_, n) => `agent-${n}-`.padEnd(134, 'x'));
/** As many as one operation looks up at once. */
const LOOKED_UP = RUNS.slice(0, 32).map(({ id }) => `"${id}"`);
/** The agents as another service refers to them. */
const AGENTS = Array.from({ length: 60 }, (_, n) => `{ __typename: "Agent", id: "${agentId(n)}" }`);
const BEHIND = `after: "${runId(2000)}"`;
const FLAGS = 'pageInfo { hasNextPage hasPreviousPage }';
const PAGE = `{ nodes { id } ${FLAGS} }`;
const LISTS = 'steps(first: 20) { nodes { id } } messages(first: 20) { nodes { id } }';
const DETAILS = `status ${LISTS} usage { totalTokens } metrics { stepCount }`;
const from = (n: number) => `createdAfter: "${minute(n)}"`;
const window = (start: number) => `${from(start)}, createdBefore: "${minute(start + 10)}"`;

/** Round trips in a row over the Cloud and over a self-hosted API, as the docs have them for the same selections. */
const SHAPES: readonly (readonly [cloud: number, selfHosted: number, query: string])[] = [
  [1, 1, `runs(first: 50) ${PAGE}`],
  [2, 2, `runs(first: 50, ${BEHIND}) ${PAGE}`],
  [2, 2, `runs(first: 5, agentId: "${agentId(7)}", ${BEHIND}) ${PAGE}`],
  [1, 1, `run(id: "${runId(7)}") { ${DETAILS} }`],
  [2, 2, 'runs(first: 32) { nodes { agent { name } } }'],
  [1, 1, `nodes(ids: [${LOOKED_UP.join()}]) { id }`],
  [
    1,
    1,
    `_entities(representations: [${AGENTS.join()}]) { ... on Agent { runs(first: 5) { nodes { id } } } }`,
  ],
  [1, 1, `runs(first: 50, ${from(2400)}) ${PAGE}`],
  // 500, 2,000 and 1,250 rows from the start.
  [2, 3, `runs(first: 10, ${window(2000)}) ${PAGE}`],
  [4, 3, `runs(first: 10, ${window(500)}) ${PAGE}`],
  [3, 3, `runs(first: 10, ${window(1245)}) ${PAGE}`],
  [3, 3, 'runStats { count { value } durations { max } }'],
];

describe.each(['cloud', 'self-hosted'] as const)('Over an API like %s', async (profile) => {
  const test = await forAll(openGateway({ runs: RUNS, profile }));
  let rounds = 0;
  let round: Promise<void> | undefined;
  /** Requests that come until no more come are one round. */
  const begin = async (): Promise<void> => {
    rounds++;
    await settle(100);
    round = undefined;
  };
  test.upstream.script = async (_request, next) => {
    await (round ??= begin());
    return next();
  };

  const names = SHAPES.map(([cloud, selfHosted, query]) => ({
    count: profile === 'cloud' ? cloud : selfHosted,
    query,
    name: query.slice(0, 60),
  }));
  it.each(names)('$name takes $count round trips in a row', async ({ count, query }) => {
    rounds = 0;
    await test.dataOf<unknown>(`{ ${query} }`);
    expect(rounds).toBe(count);
  });
});

describe('The addresses of requests', () => {
  it.each<[ids: readonly string[], why: RegExp | undefined]>([
    [Array.from({ length: MAX_FILTERED_AGENTS }, (_, n) => agentId(n)), undefined],
    [
      LONG_IDS,
      /^agentIds: 90 values are too many for one request to the API, whose address may have 7500 bytes, but would have \d+\. Ask for some of them at a time\.$/,
    ],
  ])('have at most 7,500 bytes, or agentIds is refused: %#', async (ids, why) => {
    await using test = await openGateway({ runs: RUNS.slice(0, 300) });
    const other = `conversationId: "conv-${randomUUID()}", background: false, stopReason: CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT`;
    const statuses = '[CREATED, RUNNING, COMPLETED, FAILED, CANCELLED]';
    const cursor = encodeCursor({ key: '2025-01-01T00:00:00.000000', id: runId(3) });
    const args = `agentIds: ${JSON.stringify(ids)}, ${other}, statuses: ${statuses}, last: 1000, before: "${cursor}"`;
    const query = `{ runs(${args}) { nodes { id } } }`;
    const { errors } = await test.execute<unknown>(query);
    const error = why && {
      message: expect.stringMatching(why),
      extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'agentIds' }),
    };
    expect(errors).toEqual(error && [expect.objectContaining(error)]);
    expect(test.upstream.urls.length > 0).toBe(why === undefined);
    for (const url of test.upstream.urls) expect(url.length).toBeLessThanOrEqual(7501);
  });

  it('never have a limit of 0, for which old servers send everything', async () => {
    await using test = await openGateway({ runs: RUNS.slice(0, 30) });
    const empty = ['first: 0', 'last: 0', 'first: 0, minDurationNs: 1', `last: 0, before: "${runId(3)}"`];
    const pages = empty.map((args, n) => `p${n}: runs(${args}) { nodes { id } ${FLAGS} }`).join(' ');
    const details = 'steps(first: 0) { nodes { id } } messages(last: 0) { nodes { id } }';
    await ask(test.gateway, 'one', `{ ${pages} run(id: "${runId(3)}") { ${details} } }`);
    expect(test.upstream.urls.length).toBeGreaterThan(0);
    expect(test.upstream.urls.filter((url) => /[?&]limit=(?:0|-)/.test(url))).toEqual([]);
  });
});
