import { beforeEach, describe, expect, it } from 'vitest';
import { forAll } from '../../support/for-all.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { sortRuns } from '../../support/run-list.ts';

const RUNS = sortRuns(randomRuns(1100, 11), 'desc');
const FIFTH = RUNS[4]?.id ?? '';
const BOTH = 'pageInfo { hasNextPage hasPreviousPage }';
const TOP = 'limit=1&order=desc';

const open = await forAll(openGateway({ runs: RUNS }));
const empty = await forAll(openGateway());
const page = await open.execute<{ runs: { pageInfo: { endCursor: string } } }>(
  '{ runs(first: 5) { pageInfo { endCursor } } }',
);
/** Of the fifth run. */
const cursor = page.data?.runs.pageInfo.endCursor ?? '';

beforeEach(() => {
  for (const { upstream } of [open, empty]) upstream.requests.length = 0;
});

it.each<[fields: string, requests: readonly string[]]>([
  ['runs { edges { cursor } }', ['limit=100&order=desc']],
  [`runs(first: 10) { nodes { id } ${BOTH} }`, ['limit=11&order=desc']],
  [`runs(first: 10, after: "$") { nodes { id } ${BOTH} }`, ['before=FIFTH&limit=11&order=desc', TOP]],
  ['runs(first: 10, after: "$") { pageInfo { hasPreviousPage } }', [TOP]],
  ['runs { __typename pageInfo { __typename } }', []],
  [
    `runs(first: 10) {
      nodes { id }
      ... on RunConnection { info: pageInfo { ...Flags } }
      pageInfo @skip(if: true) { hasPreviousPage }
    } } fragment Flags on PageInfo { more: hasNextPage @include(if: true) hasPreviousPage @include(if: false)`,
    ['limit=11&order=desc'],
  ],
  [
    'a: run(id: "FIFTH") { id } b: run(id: "FIFTH") { status } c: run(id: "agent-1") { id } d: run(id: "run-1/../x") { id }',
    ['/v1/runs/FIFTH'],
  ],
])('{ %s } takes these requests and no more: %j', async (fields, requests) => {
  const query = fields.replaceAll('FIFTH', FIFTH).replaceAll('$', cursor);
  await open.dataOf(`{ ${query} }`);
  const asked = open.upstream.urls.map((url) => url.replace('/v1/runs/?', '').replace(FIFTH, 'FIFTH'));
  expect(asked.toSorted()).toEqual(requests.toSorted());
});

it.each(['startCursor', 'endCursor'])(
  'PageInfo.%s is there without anything else of the page',
  async (name) => {
    const query = `{ runs(first: 1) { pageInfo { ${name} } } full: runs(first: 1) { edges { cursor } } }`;
    const { data } = await open.execute<{ full: { edges: { cursor: string }[] } }>(query);
    expect(data).toMatchObject({ runs: { pageInfo: { [name]: data?.full.edges[0]?.cursor } } });
  },
);

it.each<[name: string, runs: number, fields: string, requests: readonly string[]]>([
  [
    'never, if the page shows the whole list',
    50,
    'runs(first: 100) { nodes { id } totalCount { value } }',
    ['limit=100&order=desc'],
  ],
  [
    'once for all that is selected of the same runs',
    50,
    `runs(first: 5) { totalCount { value } } runStats { count { value } byStatus { status } durations { max }
      byAgent { failed } slowest { id } overTime(by: WEEK) { from } days: overTime(by: DAY) { from } }`,
    ['limit=1000&order=desc'],
  ],
  [
    'for the steps of each run, if tokens are selected',
    1,
    'runStats { tokens { totalTokens } }',
    ['limit=1000&order=desc', `/v1/runs/${RUNS[0]?.id}/steps?order=asc&limit=200`],
  ],
])('totalCount and runStats ask the upstream %s', async (_name, count, fields, requests) => {
  await using few = await openGateway({
    runs: RUNS.slice(0, count).map((run) => ({ ...run, total_duration_ns: 1 })),
  });
  await few.dataOf(`{ ${fields} }`);
  expect(few.upstream.urls.map((url) => url.replace('/v1/runs/?', ''))).toEqual(requests);
});

it('A page reads what is needed by the variables of each request', async () => {
  await using test = await openGateway({ runs: RUNS, config: { rowCopying: false } });
  const query = `query ($more: Boolean!) { runs(first: 10) { ...Page } }
    fragment Page on RunConnection { nodes { id } pageInfo @include(if: $more) { hasNextPage } }`;
  for (const more of [false, true, false]) await test.dataOf(query, { more });
  const limits = test.upstream.urls.map((url) => /limit=\d+/.exec(url)?.[0]);
  expect(limits).toEqual(['limit=10', 'limit=11', 'limit=10']);
});

describe('Query.runs', () => {
  it.each([
    [
      'first: 2, agentIds: ["agent-1", "agent-2"], background: false, conversationId: "conv-1", orderBy: CREATED_AT, order: ASC, statuses: [FAILED, CANCELLED], stopReason: LLM_API_ERROR',
      'statuses=failed&statuses=cancelled&stop_reason=llm_api_error&agent_ids=agent-1&agent_ids=agent-2&conversation_id=conv-1&background=false&limit=2&order=asc',
    ],
    ['first: 2, active: true, agentId: "agent-1"', 'active=true&agent_id=agent-1&limit=2&order=desc'],
    ['first: 2, stopReasons: [MAX_STEPS]', 'stop_reason=max_steps&limit=2&order=desc'],
    // More rows may have to be read for what the upstream can't filter.
    ['first: 5, stopReasons: [ERROR, MAX_STEPS]', 'limit=100&order=desc'],
    ['first: 5, metadata: { path: "a", exists: true }', 'limit=100&order=desc'],
  ])('(%s) sends the upstream what it knows: %s', async (args, parameters) => {
    await empty.dataOf(`{ runs(${args}) { nodes { id } } }`);
    expect(empty.upstream.urls).toEqual([`/v1/runs/?${parameters}`]);
  });

  it.each(['createdAfter: "2026-01-01", createdBefore: "2026-01-01"', 'minDurationNs: 2, maxDurationNs: 1'])(
    '(%s) selects nothing, and sends no request',
    async (args) => {
      const query = `{ runs(${args}) { nodes { id } ${BOTH} totalCount { value precision } } }`;
      const pageInfo = { hasNextPage: false, hasPreviousPage: false };
      expect(await open.execute(query)).toEqual({
        data: { runs: { nodes: [], pageInfo, totalCount: { value: 0, precision: 'EXACT' } } },
      });
      expect(open.upstream.urls).toEqual([]);
    },
  );
});
