import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import {
  type InternalRoute,
  startWindowedUpstream,
  type WindowedUpstreamOptions,
} from '../support/windowed-upstream.ts';

const [MODEL] = randomRuns(1, 1);
const idOf = (index: number): string => `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
const minute = (index: number): string =>
  new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z');

/** Runs a minute apart. Every hundredth takes long. */
const RUNS: readonly RandomRun[] = Array.from({ length: 3000 }, (_, index) => ({
  ...MODEL!,
  id: idOf(index),
  created_at: minute(index),
  run_ns: index % 100 === 0 ? 1000 : 1,
}));

/** What a selection asks the upstream for: R12 is the run of minute 12, M12 the instant. */
async function requestsFor(
  fields: string,
  options: WindowedUpstreamOptions & { readonly scanBudget?: number } = {},
  runs = RUNS,
): Promise<string[]> {
  await using upstream = await startWindowedUpstream(runs, options);
  await using gateway = await createGateway({
    upstreamUrl: upstream.baseUrl,
    upstreamDialect: 'reversed',
    scanBudget: options.scanBudget ?? 5000,
  });
  const { errors } = await execute(gateway, `{ ${fields} }`);
  expect(errors).toBeUndefined();
  return upstream.requests.map((path) =>
    decodeURIComponent(path)
      .replace('/v1/_internal_runs/?', 'internal ')
      .replace('/v1/runs/?', '')
      .replaceAll(/run-(\d+)-[0-9-]+/g, (_id, index) => `R${Number(index)}`)
      .replaceAll(/202[45]-[^&]*?\.(\d{6})Z/g, (instant, micros) => {
        const at = (Date.parse(instant.replace(/\.\d+/, '')) - Date.UTC(2025, 0, 1)) / 60_000;
        return micros === '000000' ? `M${at}` : `before M${Math.ceil(at)}`;
      }),
  );
}

const window = (from: number, to: number): string =>
  `createdAfter: "${minute(from)}", createdBefore: "${minute(to)}"`;
const FLAGS = 'pageInfo { hasNextPage hasPreviousPage }';

describe('A window asks the upstream', () => {
  it.each<[string, string, InternalRoute, string[]]>([
    [
      'once, if the list begins in it',
      `runs(first: 10, createdAfter: "${minute(2990)}") { nodes { id } ${FLAGS} }`,
      'honest',
      ['limit=11&order=desc'],
    ],
    [
      'once, if the list begins in it on the other side',
      `runs(last: 10, createdBefore: "${minute(5)}") { nodes { id } ${FLAGS} }`,
      'honest',
      ['limit=11&order=asc'],
    ],
    [
      'once behind a cursor in it',
      `runs(first: 10, after: "${idOf(1005)}", ${window(1000, 1010)}) { nodes { id } pageInfo { hasNextPage } }`,
      'honest',
      ['/v1/runs/R1005', 'before=R1005&limit=11&order=desc'],
    ],
    [
      'once more for what comes before the cursor',
      `runs(first: 10, after: "${idOf(1005)}", ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      'honest',
      ['/v1/runs/R1005', 'before=R1005&limit=11&order=desc', 'before=R1005&limit=1&order=asc'],
    ],
    [
      'three times, if it has to be sought: for a hint, for its run, for the page',
      `runs(first: 10, ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      'honest',
      ['internal start_date=M1010&limit=1&order=asc', '/v1/runs/R1010', 'before=R1010&limit=11&order=desc'],
    ],
    [
      'for a hint on the other side, where oldest come first',
      `runs(first: 10, order: ASC, ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      'honest',
      [
        'internal end_date=before M1000&limit=1&order=desc',
        '/v1/runs/R999',
        'before=R999&limit=11&order=asc',
      ],
    ],
    [
      'for one hint, however many lists have the same window',
      `a: runs(first: 1, ${window(1000, 1010)}) { nodes { id } } b: runs(first: 2, ${window(1000, 1010)}) { nodes { id } }`,
      'honest',
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
      'missing',
      [
        'internal start_date=M710&limit=1&order=asc',
        'limit=1&order=desc',
        'limit=1&order=asc',
        'limit=1000&order=asc',
      ],
    ],
    [
      'for both ends of the list, if all of it lies on the same side of the window',
      `runs(first: 10, ${window(-10, -5)}) { nodes { id } ${FLAGS} }`,
      'missing',
      ['internal start_date=M-5&limit=1&order=asc', 'limit=1&order=desc', 'limit=1&order=asc'],
    ],
    [
      'no more for what comes before a cursor that lies ahead of the window',
      `runs(first: 10, after: "${idOf(1012)}", ${window(1000, 1010)}) { nodes { id } ${FLAGS} }`,
      'honest',
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
      'ignores dates',
      [
        'internal start_date=M2510&limit=1&order=asc',
        'limit=1&order=desc',
        'limit=1&order=asc',
        'limit=1000&order=desc',
      ],
    ],
    [
      'never, if its bounds contradict each other',
      `runs(first: 10, ${window(10, 10)}) { nodes { id } ${FLAGS} totalCount { value } } runStats(minDurationNs: 2, maxDurationNs: 1) { count { value } }`,
      'honest',
      [],
    ],
    [
      'in rows of a hundred, and then of a thousand, for durations',
      'runs(first: 3, minDurationNs: 1000) { nodes { id } }',
      'honest',
      ['limit=100&order=desc', 'before=R2900&limit=1000&order=desc'],
    ],
    [
      'as far as the window goes, for durations in a window',
      `runs(first: 3, minDurationNs: 1000, createdAfter: "${minute(2950)}") { nodes { id } ${FLAGS} }`,
      'honest',
      ['limit=100&order=desc'],
    ],
  ])('%s', async (_name, fields, internal, expected) => {
    expect((await requestsFor(fields, { internal })).toSorted()).toEqual(expected.toSorted());
  });

  it('from the position of the caller, if the internal list names a run that is further away', async () => {
    const fields = `runs(first: 10, after: "${idOf(1009)}", ${window(1000, 1008)}) { nodes { id } }`;
    expect(await requestsFor(fields, { internal: 'misses half of the runs' })).toEqual([
      '/v1/runs/R1009',
      'internal start_date=M1008&limit=1&order=asc',
      '/v1/runs/R1010',
      'before=R1009&limit=10&order=desc',
    ]);
  });

  it('again, from elsewhere, if a run at which it reads on is deleted meanwhile', async () => {
    for (const deleted of [1010, 2000]) {
      let isDone = false;
      const internal = deleted === 1010 ? 'honest' : 'missing';
      const onRequest = (path: string, remove: (id: string) => void): void => {
        if (isDone || !path.includes(`before=${idOf(deleted)}`)) return;
        isDone = true;
        remove(idOf(deleted));
      };
      await using upstream = await startWindowedUpstream(RUNS, { internal, onRequest });
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      // Nearer to the start of the list, so that it is read from there.
      const bounds = deleted === 1010 ? window(1000, 1010) : window(1800, 1810);
      const { data, errors } = await execute<{ runs: { nodes: { id: string }[] } }, never>(
        gateway,
        `{ runs(first: 10, ${bounds}) { nodes { id } } }`,
      );
      expect(errors).toBeUndefined();
      expect(data?.runs.nodes).toHaveLength(10);
      expect(isDone).toBe(true);
    }
  });
});

describe('Counting asks the upstream', () => {
  it.each<[string, string, string[]]>([
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
      'once for all that is asked of the same runs',
      'runs(first: 5) { totalCount { value } } runStats { count { value } byStatus { status } durations { max } }',
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
  ])('%s', async (_name, fields, expected) => {
    expect((await requestsFor(fields, {}, RUNS.slice(0, 50))).toSorted()).toEqual(expected.toSorted());
  });

  it('by a thousand rows, until there are no more', async () => {
    expect(await requestsFor('runStats { count { value } }')).toEqual([
      'limit=1000&order=desc',
      'before=R2000&limit=1000&order=desc',
      'before=R1000&limit=1000&order=desc',
      'before=R0&limit=1000&order=desc',
    ]);
  });

  it('for the rows of the budget, and one more', async () => {
    expect(await requestsFor('runStats { count { value } }', { scanBudget: 1500 })).toEqual([
      'limit=1000&order=desc',
      'before=R2000&limit=500&order=desc',
      'before=R1500&limit=1&order=desc',
    ]);
  });
});

describe('What one operation reads', () => {
  it('is at most ten times the budget of one field, however many fields it has', async () => {
    // Different numbers of rows, since identical requests are coalesced.
    const field = (index: number): string =>
      `f${index}: runs(first: ${101 + index}, minDurationNs: 2000) { nodes { id } }`;
    const fields = Array.from({ length: 30 }, (_, index) => field(index)).join(' ');
    await using upstream = await startWindowedUpstream(RUNS);
    await using gateway = await createGateway({
      upstreamUrl: upstream.baseUrl,
      scanBudget: 1000,
      maxCost: 1_000_000,
    });
    await execute(gateway, `{ ${fields} }`);
    const rows = upstream.requests.map((path) => Number(/limit=(\d+)/.exec(path)?.[1]));
    // Each field makes its first request, for 101 rows or more here, before the budget of all is spent.
    const read = rows.reduce((sum, limit) => sum + limit, 0);
    expect(read).toBeGreaterThan(9 * 1000);
    expect(read).toBeLessThan(15 * 1000);
  });
});
