import { beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';

const idOf = (index: number): string => `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
const minute = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart. Every hundredth takes long. */
const RUNS = Array.from({ length: 2000 }, (_, index) => ({
  id: idOf(index),
  agent_id: 'agent-1',
  created_at: minute(index),
  run_ns: index % 100 === 0 ? 1000 : 1,
}));
const window = (from: number, to: number): string =>
  `createdAfter: "${minute(from)}", createdBefore: "${minute(to)}"`;
const FLAGS = 'pageInfo { hasNextPage hasPreviousPage }';

let open: OpenGateway;
beforeAll(async () => {
  open = await openGateway({ runs: RUNS, config: { upstreamDialect: 'reversed' } });
  return () => open[Symbol.asyncDispose]();
});

/** What a selection asks the upstream for: R1010 is the run of minute 1010, M1010 the instant. */
async function requestsFor(
  { upstream, another }: Pick<OpenGateway, 'upstream' | 'another'>,
  fields: string,
): Promise<readonly string[]> {
  await using gateway = await another();
  upstream.requests.length = 0;
  const { errors } = await execute(gateway, `{ ${fields} }`);
  expect(errors).toBeUndefined();
  return upstream.urls.map((url) =>
    decodeURIComponent(url)
      .replace('/v1/_internal_runs/?', 'internal ')
      .replace('/v1/runs/?', '')
      .replaceAll(/run-(\d+)-[0-9-]+/g, (_id, index) => `R${Number(index)}`)
      .replace(minute(1010).replace('Z', '.000000Z'), 'M1010'),
  );
}

describe('A window asks the upstream', () => {
  it.each<[name: string, fields: string, requests: readonly string[]]>([
    [
      'once, if the list begins in it',
      `runs(first: 10, createdAfter: "${minute(1990)}") { nodes { id } ${FLAGS} }`,
      ['limit=11&order=desc'],
    ],
    [
      'three times, if it has to be sought: for a hint, its run and the page',
      `runs(first: 10, ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      ['internal start_date=M1010&limit=1&order=asc', '/v1/runs/R1010', 'before=R1010&limit=11&order=desc'],
    ],
    [
      'for one hint, however many lists have the same window',
      `a: runs(first: 1, ${window(1000, 1010)}) { nodes { id } } b: runs(first: 2, ${window(1000, 1010)}) { nodes { id } }`,
      [
        'internal start_date=M1010&limit=1&order=asc',
        '/v1/runs/R1010',
        'before=R1010&limit=1&order=desc',
        'before=R1010&limit=2&order=desc',
      ],
    ],
  ])('%s', async (_name, fields, requests) => {
    expect((await requestsFor(open, fields)).toSorted()).toEqual(requests.toSorted());
  });
});

describe('Counting asks the upstream', () => {
  it.each<[name: string, fields: string, requests: readonly string[]]>([
    [
      'never, if the page shows the whole list',
      'runs(first: 100) { nodes { id } totalCount { value } }',
      ['limit=100&order=desc'],
    ],
    [
      'once for all that is selected of the same runs',
      `runs(first: 5) { totalCount { value } } runStats { count { value } byStatus { status } durations { max }
        byAgent { failed } slowest { id } overTime(by: WEEK) { from } days: overTime(by: DAY) { from } }`,
      ['limit=1000&order=desc'],
    ],
    [
      'for the steps of each run, if tokens are selected',
      `runStats(createdBefore: "${minute(2)}") { tokens { totalTokens } }`,
      [
        'limit=1000&order=asc',
        '/v1/runs/R0/steps?order=asc&limit=200',
        '/v1/runs/R1/steps?order=asc&limit=200',
      ],
    ],
  ])('%s', async (_name, fields, requests) => {
    await using few = await openGateway({ runs: RUNS.slice(0, 50) });
    expect((await requestsFor(few, fields)).toSorted()).toEqual(requests.toSorted());
  });
});

it('One operation reads at most ten times the budget of one field, however many fields it has', async () => {
  // Different numbers of rows, since identical requests are coalesced.
  const fields = Array.from(
    { length: 30 },
    (_, index) => `f${index}: runs(first: ${101 + index}, minDurationNs: 2000) { nodes { id } }`,
  );
  await using gateway = await open.another({ scanBudget: 1000, maxCost: 1_000_000 });
  open.upstream.requests.length = 0;
  await execute(gateway, `{ ${fields.join(' ')} }`);
  const rows = open.upstream.requests.reduce((sum, { query }) => sum + Number(query.get('limit')), 0);
  // Each field makes its first request, for 101 rows or more here, before the budget of all is spent.
  expect(rows).toBeGreaterThan(9 * 1000);
  expect(rows).toBeLessThan(15 * 1000);
});
