import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { randomRuns } from '../support/random-runs.ts';
import { sortRuns } from '../support/run-list.ts';

interface Page {
  readonly runs: { readonly edges: readonly { readonly cursor: string }[] };
}

async function cursorsOf({ gateway, upstream }: OpenGateway): Promise<readonly string[]> {
  const { data } = await execute<Page, object>(gateway, '{ runs(first: 1000) { edges { cursor } } }');
  upstream.requests.length = 0;
  return data?.runs.edges.map(({ cursor }) => cursor) ?? [];
}

const RUNS = sortRuns(randomRuns(1200, 11), 'desc');
const [FIFTH = '', FORTIETH = ''] = [RUNS[4]?.id, RUNS[39]?.id];
const BOTH = 'pageInfo { hasNextPage hasPreviousPage }';
const TOP = 'limit=1&order=desc';
const BOTTOM = 'limit=1&order=asc';

describe('The upstream is asked', () => {
  let open: OpenGateway;
  let empty: OpenGateway;
  let cursors: readonly string[];
  beforeAll(async () => {
    const parts = new AsyncDisposableStack();
    open = parts.use(await openGateway({ runs: RUNS }));
    empty = parts.use(await openGateway());
    cursors = await cursorsOf(open);
    return () => parts.disposeAsync();
  });
  beforeEach(() => {
    for (const { upstream } of [open, empty]) upstream.requests.length = 0;
  });

  /** FIFTH and FORTIETH are runs of the list; the cursor of the fifth one is `$5`. */
  it.each<[when: string, fields: string, requests: readonly string[]]>([
    ['for no row too many without flags', 'runs(first: 10) { nodes { id } }', ['limit=10&order=desc']],
    ['for a hundred rows by default', 'runs { edges { cursor } }', ['limit=100&order=desc']],
    [
      'for the cursors of a page',
      'runs(first: 3) { pageInfo { startCursor endCursor } }',
      ['limit=3&order=desc'],
    ],
    [
      'for one row more with hasNextPage',
      'runs(first: 10) { nodes { id } pageInfo { hasNextPage } }',
      ['limit=11&order=desc'],
    ],
    [
      'once at the start of the list, where nothing can come before',
      `runs(first: 10) { nodes { id } ${BOTH} }`,
      ['limit=11&order=desc'],
    ],
    [
      'once for hasNextPage behind a cursor',
      'runs(first: 10, after: "$5") { nodes { id } pageInfo { hasNextPage } }',
      ['before=FIFTH&limit=11&order=desc'],
    ],
    [
      'twice for both flags behind a cursor',
      `runs(first: 10, after: "$5") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=11&order=desc', TOP],
    ],
    [
      'for no row too many with hasPreviousPage alone',
      'runs(first: 10, after: "$5") { nodes { id } pageInfo { hasPreviousPage } }',
      ['before=FIFTH&limit=10&order=desc', TOP],
    ],
    [
      'for the top alone where only hasPreviousPage is selected',
      'runs(first: 10, after: "$5") { pageInfo { hasPreviousPage } }',
      [TOP],
    ],
    ['once for the last page', `runs(last: 10) { nodes { id } ${BOTH} }`, ['limit=11&order=asc']],
    [
      'twice for a page ahead of a cursor',
      `runs(last: 10, before: "$40") { nodes { id } ${BOTH} }`,
      ['before=FORTIETH&limit=11&order=asc', BOTTOM],
    ],
    [
      'once for a page between two cursors without flags',
      'runs(first: 50, after: "$5", before: "$40") { nodes { id } }',
      ['before=FIFTH&limit=50&order=desc'],
    ],
    [
      'twice for a page between two cursors',
      `runs(first: 50, after: "$5", before: "$40") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=51&order=desc', TOP],
    ],
    [
      'twice for hasNextPage of a thousand rows, the most of one answer',
      'runs(first: 1000) { nodes { id } pageInfo { hasNextPage } }',
      [BOTTOM, 'limit=1000&order=desc'],
    ],
    [
      'three times for a thousand rows behind a cursor with both flags',
      `runs(first: 1000, after: "$5") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=1000&order=desc', BOTTOM, TOP],
    ],
    ['never for an empty page', 'runs(first: 0) { nodes { id } }', []],
    ['never for an empty page behind a cursor', 'runs(first: 0, after: "$5") { nodes { id } }', []],
    ['for one row behind an empty page', 'runs(first: 0) { pageInfo { hasNextPage } }', [TOP]],
    ['never for names of types', 'runs { __typename pageInfo { __typename } }', []],
    [
      'once more for the position of a plain id',
      'runs(first: 10, after: "FIFTH") { nodes { id } pageInfo { hasNextPage } }',
      ['/v1/runs/FIFTH', 'before=FIFTH&limit=11&order=desc'],
    ],
    [
      'as fragments, aliases, @skip and @include say',
      `runs(first: 10) {
        nodes { id }
        ... on RunConnection { info: pageInfo { ...Flags } }
        pageInfo @skip(if: true) { hasPreviousPage }
      } } fragment Flags on PageInfo { more: hasNextPage @include(if: true) hasPreviousPage @include(if: false)`,
      ['limit=11&order=desc'],
    ],
    [
      'once for a run, however often it is selected, and never for what is no id of a run',
      'a: run(id: "FIFTH") { id } b: run(id: "FIFTH") { status } c: run(id: "agent-1") { id } d: run(id: "run-1/../x") { id }',
      ['/v1/runs/FIFTH'],
    ],
  ])('%s', async (_when, fields, requests) => {
    const query = fields
      .replaceAll('FIFTH', FIFTH)
      .replaceAll('$5', cursors[4] ?? '')
      .replaceAll('$40', cursors[39] ?? '');
    const { errors } = await execute(open.gateway, `{ ${query} }`);
    expect(errors).toBeUndefined();
    const asked = open.upstream.urls.map((url) =>
      url.replace('/v1/runs/?', '').replace(FIFTH, 'FIFTH').replace(FORTIETH, 'FORTIETH'),
    );
    expect(asked.toSorted()).toEqual(requests.toSorted());
  });

  /** What is left to the runs API, and how many rows are read where it can't filter. */
  it.each([
    [
      'first: 2, agentIds: ["agent-1", "agent-2"], background: false, conversationId: "conv-1", orderBy: CREATED_AT, order: ASC, statuses: [FAILED, CANCELLED], stopReason: LLM_API_ERROR',
      'statuses=failed&statuses=cancelled&stop_reason=llm_api_error&agent_ids=agent-1&agent_ids=agent-2&conversation_id=conv-1&background=false&limit=2&order=asc',
    ],
    ['first: 2, active: true, agentId: "agent-1"', 'active=true&agent_id=agent-1&limit=2&order=desc'],
    ['first: 2, active: false, ascending: true', 'limit=2&order=asc'],
    ['statuses: [FAILED, CANCELLED], notStatuses: [CANCELLED]', 'statuses=failed&limit=100&order=desc'],
    ['active: true, notStatuses: [CREATED, FAILED]', 'statuses=running&limit=100&order=desc'],
    ['first: 5, stopReasons: [ERROR, ERROR]', 'stop_reason=error&limit=5&order=desc'],
    ['stopReasons: [ERROR, MAX_STEPS], notStopReasons: ERROR', 'stop_reason=max_steps&limit=100&order=desc'],
    ['stopReason: ERROR, notStopReasons: [MAX_STEPS]', 'stop_reason=error&limit=100&order=desc'],
    ['active: true, stopReasons: [ERROR]', 'active=true&stop_reason=error&limit=100&order=desc'],
    [
      'statuses: [FAILED], notStatuses: [CREATED], notStopReasons: [ERROR]',
      'statuses=failed&limit=100&order=desc',
    ],
    ['first: 5, notStatuses: [CREATED]', 'limit=100&order=desc'],
    ['first: 5, stopReasons: [ERROR, MAX_STEPS]', 'limit=100&order=desc'],
    ['first: 5, metadata: { path: "a", exists: true }', 'limit=100&order=desc'],
  ])('for %s', async (args, parameters) => {
    const { errors } = await execute(empty.gateway, `{ runs(${args}) { nodes { id } } }`);
    expect(errors).toBeUndefined();
    expect(empty.upstream.urls[0]).toBe(`/v1/runs/?${parameters}`);
    // An empty list for repeated keys may be the fault of a proxy that joins them.
    expect(empty.upstream.urls.slice(1)).toEqual(args.includes('agentIds') ? [`/v1/runs/?${TOP}`] : []);
  });

  it.each([
    'statuses: [FAILED], notStatuses: [FAILED]',
    'active: true, notStatuses: [CREATED, RUNNING]',
    'stopReasons: [ERROR], notStopReasons: [ERROR]',
    'stopReason: ERROR, notStopReasons: [ERROR, MAX_STEPS]',
  ])('never for %s, of which nothing remains', async (args) => {
    const query = `{ runs(${args}) { nodes { id } totalCount { value precision } } }`;
    expect(await execute(empty.gateway, query)).toEqual({
      data: { runs: { nodes: [], totalCount: { value: 0, precision: 'EXACT' } } },
    });
    expect(empty.upstream.urls).toEqual([]);
  });
});

describe('The dialect of the upstream', () => {
  const runs = RUNS.slice(0, 30);

  /** Asks for five rows behind each of some positions; returns how many requests that took. */
  async function requestsBehind(
    dialect: 'reversed' | 'documented',
    positions: readonly number[],
    rows: number,
  ): Promise<number> {
    await using open = await openGateway({ runs, dialect });
    const cursors = await cursorsOf(open);
    for (const at of positions) {
      const page = `{ runs(first: 5, after: "${cursors.at(at)}") { edges { cursor } } }`;
      // oxlint-disable-next-line no-await-in-loop -- One after the other, so that the first one learns.
      const { data } = await execute<Page, object>(open.gateway, page);
      expect(data?.runs.edges).toHaveLength(rows);
    }
    return open.upstream.requests.length;
  }

  it('takes no request where the first guess is right', async () => {
    expect(await requestsBehind('reversed', [1, 2, 3, 4, 5], 5)).toBe(5);
  });

  it('takes a probe of four requests and one more, once, where it is wrong', async () => {
    expect(await requestsBehind('documented', [1, 2, 3, 4, 5], 5)).toBe(5 + 4 + 1);
  });

  it('takes the same behind the newest run, where the wrong dialect finds nothing', async () => {
    expect(await requestsBehind('documented', [0], 5)).toBe(1 + 4 + 1);
  });

  it.each([
    ['reversed', 3 + 4],
    ['documented', 3 + 4 + 1],
  ] as const)(
    'is proven once behind the oldest run, where an empty page proves nothing (%s)',
    async (dialect, count) => {
      expect(await requestsBehind(dialect, [-1, -1, -1], 0)).toBe(count);
    },
  );

  it('is the configured one, and then the other one is not tried', async () => {
    await using open = await openGateway({
      runs,
      dialect: 'documented',
      config: { upstreamDialect: 'reversed' },
    });
    const cursor = (await cursorsOf(open))[9];
    const { errors } = await execute(open.gateway, `{ runs(first: 5, after: "${cursor}") { nodes { id } } }`);
    expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
    expect(open.upstream.requests).toHaveLength(1);
  });
});

it('The largest page that an upstream takes is learned from what it refuses, once', async () => {
  await using open = await openGateway({ runs: RUNS.slice(0, 200), maxLimit: 50 });
  const page = '{ runs(first: 50) { nodes { id } pageInfo { hasNextPage } } }';
  for (const expected of [
    ['limit=51', 'limit=50', 'limit=1'],
    ['limit=50', 'limit=1'],
  ]) {
    open.upstream.requests.length = 0;
    // oxlint-disable-next-line no-await-in-loop -- One after the other.
    expect(await execute(open.gateway, page)).toMatchObject({
      data: { runs: { pageInfo: { hasNextPage: true } } },
    });
    expect(open.upstream.urls.map((url) => /limit=\d+/.exec(url)?.[0])).toEqual(expected);
  }
});
