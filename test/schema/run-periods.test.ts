import * as fc from 'fast-check';
import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { schema } from '../../src/schema/index.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { sortRuns } from '../support/run-list.ts';
import {
  BOUND_ARGUMENTS,
  BOUND_VARIABLES,
  durationOf,
  isWithin,
  type Window,
} from '../support/run-windows.ts';
import { HAS_TEMPORAL, periodStart, type Unit, UNITS, ZONES } from '../support/temporal-periods.ts';
import { startWindowedUpstream, type WindowedUpstream } from '../support/windowed-upstream.ts';

const HOUR = 3_600_000;
/** Hours that no period is shorter than. */
const SHORTEST = { HOUR: 0.5, DAY: 22, WEEK: 7 * 24 - 2 };
const COUNT = 'count { value precision }';
const QUERY = `query ($by: TimeUnit!, $zone: String, ${BOUND_VARIABLES}) {
  runStats(${BOUND_ARGUMENTS}) {
    ${COUNT}
    failed { value precision }
    overTime(by: $by, timezone: $zone) {
      from to ${COUNT} failed durations { p50 p95 max runCount { value precision } }
    }
    byAgent(first: 1000) { agent { id } ${COUNT} failed durations { p50 p95 max } }
    slowest(first: 7) { id status totalDurationNs }
    all: slowest(first: 1000) { id }
  }
}`;

/** How many rows each gateway may read; some of them decode all of a row, others copy what is selected. */
const BUDGETS = [1, 40, 200, 200, 5000];

/** Runs in the weeks in which many zones change their clocks, a few at a time. */
const RUNS: readonly RandomRun[] = randomRuns(300, 12).map((run, index) => {
  const [week = 0] = [
    [2026, 2, 26],
    [2026, 9, 22],
    [2026, 9, 29],
  ]
    .map(([year = 0, month, day]) => Date.UTC(year, month ?? 0, day))
    .slice(index % 3);
  const micros = String(index % 7).padStart(3, '0');
  const at = new Date(week + Math.floor(((index * 7919) % 1000) ** 2 / 3) * 1900);
  // A third of them lie at full hours.
  if (index % 3 === 0) at.setUTCMinutes(index % 2 === 0 ? 0 : 30, 0, 0);
  return { ...run, created_at: at.toISOString().replace('Z', `${micros}Z`) };
});
const NEWEST_FIRST = sortRuns(RUNS, 'desc');

let upstream: WindowedUpstream;
let gateways: readonly Gateway[];

beforeAll(async () => {
  upstream = await startWindowedUpstream(RUNS);
  gateways = await Promise.all(
    BUDGETS.map((scanBudget, index) =>
      createGateway({ upstreamUrl: upstream.baseUrl, scanBudget, rowCopying: index % 2 === 0 }),
    ),
  );
  return async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
});

type Counted = Readonly<{ value: number; precision: string }>;

function counted(runs: readonly unknown[], isWhole: boolean): Counted {
  return { value: runs.length, precision: isWhole ? 'EXACT' : 'AT_LEAST' };
}

function failures(runs: readonly RandomRun[]): number {
  return runs.filter(({ status }) => status === 'failed').length;
}

/** Percentiles by counting, for each duration, how many are no longer. */
function durations(runs: readonly RandomRun[]): { p50: number; p95: number; max: number } | null {
  const all = runs.map(durationOf).filter((ns) => ns !== null);
  const upTo = (share: number): number =>
    Math.min(...all.filter((ns) => all.filter((other) => other <= ns).length >= share * all.length));
  return all.length === 0 ? null : { p50: upTo(0.5), p95: upTo(0.95), max: Math.max(...all) };
}

/** What is to be answered, worked out run by run. */
function expected(budget: number, by: Unit, zone: string, window: Window): object {
  const wanted = NEWEST_FIRST.filter((run) => isWithin(run, window));
  const isFromOldest = window.createdBefore !== undefined && window.createdAfter === undefined;
  const read = isFromOldest ? wanted.slice(-budget) : wanted.slice(0, budget);
  const isWhole = read.length === wanted.length;
  const starting = new Map(read.map((run) => [run, periodStart(Date.parse(run.created_at), by, zone)]));
  const startOf = (run: RandomRun): number => starting.get(run) ?? 0;
  const [newest = 0, oldest = 1] = [read[0], read.at(-1)].map((run) => run && startOf(run));
  const starts = oldest > newest ? [] : [oldest];
  for (let last = oldest; last <= newest; last = starts.at(-1) ?? 0) {
    // Every period begins in some quarter of an hour.
    let next = last + SHORTEST[by] * HOUR;
    while (periodStart(next, by, zone) === last) next += HOUR / 4;
    starts.push(next);
  }
  const periods = starts.slice(0, -1).map((from, index, all) => {
    const runs = read.filter((run) => startOf(run) === from);
    const isPartial = !isWhole && index === (isFromOldest ? all.length - 1 : 0);
    const some = durations(runs);
    const timed = runs.filter((run) => durationOf(run) !== null);
    return {
      from: instant(from),
      to: instant(starts[index + 1] ?? 0),
      count: counted(runs, !isPartial),
      failed: failures(runs),
      durations: some && { ...some, runCount: counted(timed, !isPartial) },
    };
  });
  const slowest = read
    .filter((run) => durationOf(run) !== null)
    .toSorted((a, b) => (durationOf(b) ?? 0) - (durationOf(a) ?? 0));
  const byAgent = [...Map.groupBy(read, ({ agent_id }) => agent_id)]
    .toSorted(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1))
    .map(([id, runs]) => ({
      agent: { id },
      count: counted(runs, isWhole),
      failed: failures(runs),
      durations: durations(runs),
    }));
  return {
    count: counted(read, isWhole),
    failed: { ...counted(read, isWhole), value: failures(read) },
    overTime: periods,
    byAgent,
    slowest: slowest.slice(0, 7).map((run) => ({
      id: run.id,
      status: run.status.toUpperCase(),
      totalDurationNs: durationOf(run),
    })),
    all: slowest.map(({ id }) => ({ id })),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

it.skipIf(!HAS_TEMPORAL)(
  'Runs over time, failures, percentiles and the slowest are those of a plain model (needs Temporal)',
  async () => {
    const bound = fc.option(fc.constantFrom(...RUNS.map(({ created_at }) => created_at)), {
      nil: undefined,
      freq: 2,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(BUDGETS.length - 1),
        fc.constantFrom(...UNITS),
        fc.constantFrom(...ZONES),
        fc.record({ createdAfter: bound, createdBefore: bound }),
        async (which, by, zone, { createdAfter, createdBefore }) => {
          const window = {
            ...(createdAfter !== undefined && { createdAfter }),
            ...(createdBefore !== undefined && { createdBefore }),
          };
          const [gateway, budget = 0] = [gateways[which], BUDGETS[which]];
          if (gateway === undefined) throw new Error('There is no such gateway');
          const wanted = expected(budget, by, zone, window);
          const tooMany = 'overTime' in wanted && (wanted.overTime as unknown[]).length > 1000;
          const { data, errors } = await execute<{ runStats: object | null }, object>(gateway, QUERY, {
            by,
            zone,
            ...window,
          });
          expect(errors?.map(({ message }) => message)).toEqual(
            tooMany
              ? [
                  'by: HOUR makes more than 1000 periods of these runs; ask for by: DAY, or a shorter time with createdAfter and createdBefore',
                ]
              : undefined,
          );
          expect(data?.runStats).toEqual(tooMany ? null : wanted);
        },
      ),
      {
        numRuns: propertyRuns(60),
        // Read from the oldest run on, so that newer ones are missing.
        examples: [[1, 'DAY', 'UTC', { createdAfter: undefined, createdBefore: '2026-12-01T00:00:00Z' }]],
      },
    );
  },
);

describe('Runs over time', () => {
  const ask = async (selection: string) =>
    execute<{ runStats: { overTime: object[] } | null }, never>(gateways[4]!, `{ runStats${selection} }`);

  it('are in UTC if no time zone is named', async () => {
    const days = 'createdAfter: "2026-10-22T00:00:00Z", createdBefore: "2026-10-25T00:00:00Z"';
    const [some, others, none] = await Promise.all(
      ['(by: DAY)', '(by: DAY, timezone: "UTC")', '(by: DAY, timezone: null)'].map((args) =>
        ask(`(${days}) { overTime${args} { from to count { value } } }`),
      ),
    );
    expect(some?.data?.runStats?.overTime.length).toBeGreaterThan(1);
    expect(some).toEqual(others);
    expect(none).toEqual(others);
  });

  it('of no runs are no periods', async () => {
    const { data } = await ask('(createdAfter: "2999-01-01T00:00:00Z") { overTime(by: HOUR) { from } }');
    expect(data?.runStats).toEqual({ overTime: [] });
  });

  it.each([
    [
      'overTime(by: DAY, timezone: "Mars/Base") { from }',
      'timezone',
      'timezone: expected a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +05:30, but got "Mars/Base"',
    ],
    [
      'overTime(by: HOUR) { from }',
      'by',
      'by: HOUR makes more than 1000 periods of these runs; ask for by: DAY, or a shorter time with createdAfter and createdBefore',
    ],
    ['slowest(first: 1001) { id }', 'first', 'first: expected a whole number from 0 to 1000, but got 1001'],
    [
      'tokens(first: -1) { totalTokens }',
      'first',
      'first: expected a whole number from 0 to 1000, but got -1',
    ],
  ])('%s is refused', async (field, argument, message) => {
    const { errors } = await ask(`{ ${field} }`);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it('and all other statistics take one reading of the list', async () => {
    upstream.requests.length = 0;
    await ask(
      '{ count { value } overTime(by: WEEK) { from durations { p50 } } days: overTime(by: DAY) { from } byAgent { failed } slowest { id totalDurationNs } }',
    );
    expect(upstream.requests.filter((path) => !path.startsWith('/v1/health'))).toEqual([
      '/v1/runs/?limit=1000&order=desc',
    ]);
  });
});

it('The slowest runs have the fields that they have in a page, whether rows are copied or decoded', async () => {
  const type = schema.getType('Run');
  const fields = Object.values(isObjectType(type) ? type.getFields() : {}).filter(({ type: of }) =>
    isLeafType(getNamedType(of)),
  );
  expect(fields.length).toBeGreaterThan(15);
  const selection = `{ ${fields.map(({ name }) => name).join(' ')} requestConfig { useAssistantMessage } agent { id } }`;
  const query = `{ runStats { slowest(first: 300) ${selection} } runs(first: 300) { nodes ${selection} } }`;
  type Row = Readonly<Record<string, unknown>>;
  for (const gateway of gateways.slice(-2)) {
    const { data, errors } = await execute<{ runStats: { slowest: Row[] }; runs: { nodes: Row[] } }, never>(
      gateway,
      query,
    );
    expect(errors).toBeUndefined();
    const rows = new Map(data?.runs.nodes.map((row) => [row['id'], row]));
    expect(data?.runStats.slowest.length).toBeGreaterThan(100);
    for (const row of data?.runStats.slowest ?? []) expect(row).toEqual(rows.get(row['id']));
  }
});
