import { beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import type { Script } from '../support/scripted-upstream.ts';

const idOf = (index: number): string => `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
const minute = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart. Every hundredth takes long. */
const RUNS = Array.from({ length: 3000 }, (_, index) => ({
  id: idOf(index),
  agent_id: 'agent-1',
  created_at: minute(index),
  run_ns: index % 100 === 0 ? 1000 : 1,
}));
const window = (from: number, to: number): string =>
  `createdAfter: "${minute(from)}", createdBefore: "${minute(to)}"`;
const FLAGS = 'pageInfo { hasNextPage hasPreviousPage }';
const AS_IT_IS: Script = (_request, next) => next();
const isInternal = (path: string): boolean => path === '/v1/_internal_runs/';
const MISSING: Script = ({ path }, next) =>
  isInternal(path) ? { status: 404, body: { detail: 'Not Found' } } : next();
const WITHOUT_DATES: Script = (request, next) => {
  const dated = new URLSearchParams(request.query);
  if (isInternal(request.path)) ['start_date', 'end_date'].forEach((name) => dated.delete(name));
  return next({ query: dated });
};

let open: OpenGateway;
beforeAll(async () => {
  open = await openGateway({ runs: RUNS, config: { upstreamDialect: 'reversed' } });
  return () => open[Symbol.asyncDispose]();
});

/** What a selection asks the upstream for: R12 is the run of minute 12, M12 the instant. */
async function requestsFor(
  { upstream, another }: Pick<OpenGateway, 'upstream' | 'another'>,
  fields: string,
  scanBudget = 5000,
): Promise<readonly string[]> {
  await using gateway = await another({ scanBudget });
  upstream.requests.length = 0;
  const { errors } = await execute(gateway, `{ ${fields} }`);
  expect(errors).toBeUndefined();
  return upstream.urls.map((url) =>
    decodeURIComponent(url)
      .replace('/v1/_internal_runs/?', 'internal ')
      .replace('/v1/runs/?', '')
      .replaceAll(/run-(\d+)-[0-9-]+/g, (_id, index) => `R${Number(index)}`)
      .replaceAll(/202[45]-[^&]*?\.(\d{6})Z/g, (instant, micros) => {
        const at = (Date.parse(instant.replace(/\.\d+/, '')) - Date.UTC(2025, 0, 1)) / 60_000;
        return micros === '000000' ? `M${at}` : `before M${Math.ceil(at)}`;
      }),
  );
}

describe('A window asks the upstream', () => {
  it.each<[name: string, fields: string, script: Script, requests: readonly string[]]>([
    [
      'once, if the list begins in it',
      `runs(first: 10, createdAfter: "${minute(2990)}") { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      ['limit=11&order=desc'],
    ],
    [
      'once, if the list ends in it',
      `runs(last: 10, createdBefore: "${minute(5)}") { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      ['limit=11&order=asc'],
    ],
    [
      'once behind a cursor in it',
      `runs(first: 10, after: "${idOf(1005)}", ${window(1000, 1010)}) { nodes { id } pageInfo { hasNextPage } }`,
      AS_IT_IS,
      ['/v1/runs/R1005', 'before=R1005&limit=11&order=desc'],
    ],
    [
      'once more for what comes before the cursor',
      `runs(first: 10, after: "${idOf(1005)}", ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      ['/v1/runs/R1005', 'before=R1005&limit=11&order=desc', 'before=R1005&limit=1&order=asc'],
    ],
    [
      'three times, if it has to be sought: for a hint, its run and the page',
      `runs(first: 10, ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      ['internal start_date=M1010&limit=1&order=asc', '/v1/runs/R1010', 'before=R1010&limit=11&order=desc'],
    ],
    [
      'for a hint on the other side, where the oldest come first',
      `runs(first: 10, order: ASC, ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      [
        'internal end_date=before M1000&limit=1&order=desc',
        '/v1/runs/R999',
        'before=R999&limit=11&order=asc',
      ],
    ],
    [
      'for one hint, however many lists have the same window',
      `a: runs(first: 1, ${window(1000, 1010)}) { nodes { id } } b: runs(first: 2, ${window(1000, 1010)}) { nodes { id } }`,
      AS_IT_IS,
      [
        'internal start_date=M1010&limit=1&order=asc',
        '/v1/runs/R1010',
        'before=R1010&limit=1&order=desc',
        'before=R1010&limit=2&order=desc',
      ],
    ],
    [
      'for both ends of the list where there is no internal list, and reads from the nearer one',
      `runs(first: 10, ${window(700, 710)}) { nodes { id } }`,
      MISSING,
      [
        'internal start_date=M710&limit=1&order=asc',
        'limit=1&order=desc',
        'limit=1&order=asc',
        'limit=1000&order=asc',
      ],
    ],
    [
      'for both ends of the list, if all of it lies on one side of the window',
      `runs(first: 10, ${window(-10, -5)}) { nodes { id } ${FLAGS} }`,
      MISSING,
      ['internal start_date=M-5&limit=1&order=asc', 'limit=1&order=desc', 'limit=1&order=asc'],
    ],
    [
      'no more for what comes before a cursor that lies ahead of the window',
      `runs(first: 10, after: "${idOf(1012)}", ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      [
        '/v1/runs/R1012',
        'internal start_date=M1010&limit=1&order=asc',
        '/v1/runs/R1010',
        'before=R1010&limit=11&order=desc',
      ],
    ],
    [
      'from the start of the list, where that is nearer',
      `runs(first: 10, ${window(2500, 2510)}) { nodes { id } }`,
      WITHOUT_DATES,
      [
        'internal start_date=M2510&limit=1&order=asc',
        'limit=1&order=desc',
        'limit=1&order=asc',
        'limit=1000&order=desc',
      ],
    ],
    [
      'from the cursor, if the internal list names a run that is further away',
      `runs(first: 10, after: "${idOf(1009)}", ${window(1000, 1008)}) { nodes { id } }`,
      async (request, next) => (isInternal(request.path) ? { body: [RUNS[1010]] } : next()),
      [
        '/v1/runs/R1009',
        'internal start_date=M1008&limit=1&order=asc',
        '/v1/runs/R1010',
        'before=R1009&limit=10&order=desc',
      ],
    ],
    [
      'never, if its bounds contradict each other',
      `runs(first: 10, ${window(10, 10)}) { nodes { id } ${FLAGS} totalCount { value } } runStats(minDurationNs: 2, maxDurationNs: 1) { count { value } }`,
      AS_IT_IS,
      [],
    ],
    [
      'in rows of a hundred, and then of a thousand, for durations',
      'runs(first: 3, minDurationNs: 1000) { nodes { id } }',
      AS_IT_IS,
      ['limit=100&order=desc', 'before=R2900&limit=1000&order=desc'],
    ],
    [
      'as far as the window goes, for durations in a window',
      `runs(first: 3, minDurationNs: 1000, createdAfter: "${minute(2950)}") { nodes { id } ${FLAGS} }`,
      AS_IT_IS,
      ['limit=100&order=desc'],
    ],
  ])('%s', async (_name, fields, script, requests) => {
    open.upstream.script = script;
    expect((await requestsFor(open, fields)).toSorted()).toEqual(requests.toSorted());
  });

  it.each([
    { deleted: 1010, from: 1000, to: 1010, script: AS_IT_IS },
    // Nearer to the start of the list, so that it is read from there.
    { deleted: 2000, from: 1800, to: 1810, script: MISSING },
  ])(
    'again, if run $deleted, at which it reads on, is deleted meanwhile',
    async ({ deleted, from, to, script }) => {
      await using own = await openGateway({ runs: RUNS });
      let isDeleted = false;
      own.upstream.script = (request, next) => {
        if (request.query.get('before') === idOf(deleted)) {
          own.store.delete(idOf(deleted));
          isDeleted = true;
        }
        return script(request, next);
      };
      const query = `{ runs(first: 10, ${window(from, to)}) { nodes { id } } }`;
      const nodes = Array.from({ length: to - from }, (_, index) => ({ id: idOf(to - 1 - index) }));
      expect(await execute(own.gateway, query)).toEqual({ data: { runs: { nodes } } });
      expect(isDeleted).toBe(true);
    },
  );
});

describe('Counting asks the upstream', () => {
  it.each<[name: string, fields: string, requests: readonly string[]]>([
    [
      'never, if the page shows the whole list',
      'runs(first: 100) { nodes { id } totalCount { value } }',
      ['limit=100&order=desc'],
    ],
    [
      'once, if nothing else is selected',
      'runs(first: 1) { totalCount { value } pageInfo { __typename } }',
      ['limit=1000&order=desc'],
    ],
    [
      'once for all that is selected of the same runs',
      `runs(first: 5) { totalCount { value } } runStats { count { value } byStatus { status } durations { max }
        byAgent { failed } slowest { id } overTime(by: WEEK) { from } days: overTime(by: DAY) { from } }`,
      ['limit=1000&order=desc'],
    ],
    [
      'from the side on which a window is open',
      `runStats(createdBefore: "${minute(10)}") { count { value } }`,
      ['limit=1000&order=asc'],
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

  it.each([
    [
      5000,
      [
        'limit=1000&order=desc',
        'before=R2000&limit=1000&order=desc',
        'before=R1000&limit=1000&order=desc',
        'before=R0&limit=1000&order=desc',
      ],
    ],
    [1500, ['limit=1000&order=desc', 'before=R2000&limit=500&order=desc', 'before=R1500&limit=1&order=desc']],
  ])(
    'by a thousand rows, until there are no more, or for one more than the budget of %i',
    async (budget, requests) => {
      open.upstream.script = AS_IT_IS;
      expect(await requestsFor(open, 'runStats { count { value } }', budget)).toEqual(requests);
    },
  );
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
