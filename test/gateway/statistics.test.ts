import * as fc from 'fast-check';
import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { schema } from '../../src/schema/index.ts';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import {
  durationOf,
  isSelected,
  randomSelecting,
  SELECTING_ARGUMENTS,
  SELECTING_VARIABLES,
} from '../support/run-arguments.ts';
import { sortRuns } from '../support/run-list.ts';

const COUNT = 'count { value precision }';
const DURATIONS = 'durations { p50 p95 max runCount { value precision } }';
const STATISTICS = `query ($by: TimeUnit!, $zone: String, ${SELECTING_VARIABLES}) {
  runStats(${SELECTING_ARGUMENTS}) {
    ${COUNT}
    failed { value precision }
    ${DURATIONS}
    byStatus { rawStatus ${COUNT} }
    byStopReason { rawStopReason ${COUNT} }
    byAgent(first: 2) { agent { id } ${COUNT} failed ${DURATIONS} }
    overTime(by: $by, timezone: $zone) { from to ${COUNT} failed ${DURATIONS} }
    slowest(first: 7) { id totalDurationNs }
  }
}`;

interface Period {
  readonly from: string;
  readonly to: string;
}
interface Answered {
  readonly runStats: { readonly overTime: readonly Period[] } | null;
}

/** Runs in the weeks in which many zones change their clocks, a third of them at full hours. */
const RUNS: readonly RandomRun[] = randomRuns(300, 12).map((run, index) => {
  const week = [Date.UTC(2026, 2, 26), Date.UTC(2026, 9, 22), Date.UTC(2026, 9, 29)][index % 3] ?? 0;
  const at = new Date(week + Math.floor(((index * 7919) % 1000) ** 2 / 3) * 1900);
  if (index % 3 === 0) at.setUTCMinutes(index % 2 === 0 ? 0 : 30, 0, 0);
  return { ...run, created_at: at.toISOString().replace('Z', `${String(index % 7).padStart(3, '0')}Z`) };
});
const NEWEST_FIRST = sortRuns(RUNS, 'desc');
const [LESS, MORE] = [40, 5000];

let open: OpenGateway;
let gateways: readonly (readonly [budget: number, gateway: Gateway])[];
beforeAll(async () => {
  const parts = new AsyncDisposableStack();
  open = parts.use(await openGateway({ runs: RUNS }));
  gateways = [
    [MORE, open.gateway],
    [LESS, parts.use(await open.another({ scanBudget: LESS }))],
    [MORE, parts.use(await open.another({ rowCopying: false }))],
  ];
  return () => parts.disposeAsync();
});

const counted = (runs: readonly unknown[], isWhole: boolean) => ({
  value: runs.length,
  precision: isWhole ? 'EXACT' : 'AT_LEAST',
});
const failuresOf = (runs: readonly RandomRun[]): number =>
  runs.filter(({ status }) => status === 'failed').length;

/** Each percentile is the shortest duration that so many are not longer than. */
function durationsOf(runs: readonly RandomRun[], isWhole: boolean): object | null {
  const all = runs.map(durationOf).filter((ns) => ns !== null);
  const upTo = (share: number): number =>
    Math.min(...all.filter((ns) => all.filter((other) => other <= ns).length >= share * all.length));
  if (all.length === 0) return null;
  return { p50: upTo(0.5), p95: upTo(0.95), max: Math.max(...all), runCount: counted(all, isWhole) };
}

/** Groups of runs, the largest first, and of equal size in the order of their texts. */
const groupsOf = (runs: readonly RandomRun[], key: 'status' | 'stop_reason' | 'agent_id') =>
  [...Map.groupBy(runs, (run) => run[key])].toSorted(
    ([a, some], [b, others]) => others.length - some.length || ((a ?? '') < (b ?? '') ? -1 : 1),
  );

/** What is to be answered, worked out run by run; the periods are those of the answer. */
function statisticsOf(
  read: readonly RandomRun[],
  isWhole: boolean,
  periods: readonly Period[],
  isPartial: (period: number) => boolean,
) {
  const slowest = read
    .filter((run) => durationOf(run) !== null)
    .toSorted((a, b) => (durationOf(b) ?? 0) - (durationOf(a) ?? 0));
  return {
    count: counted(read, isWhole),
    failed: { ...counted(read, isWhole), value: failuresOf(read) },
    durations: durationsOf(read, isWhole),
    byStatus: groupsOf(read, 'status').map(([rawStatus, runs]) => ({
      rawStatus,
      count: counted(runs, isWhole),
    })),
    byStopReason: groupsOf(read, 'stop_reason').map(([rawStopReason, runs]) => ({
      rawStopReason,
      count: counted(runs, isWhole),
    })),
    byAgent: groupsOf(read, 'agent_id')
      .slice(0, 2)
      .map(([id, runs]) => ({
        agent: { id },
        count: counted(runs, isWhole),
        failed: failuresOf(runs),
        durations: durationsOf(runs, isWhole),
      })),
    overTime: periods.map(({ from, to }, index) => {
      const runs = read.filter((run) => isSelected(run, { createdAfter: from, createdBefore: to }));
      return {
        from,
        to,
        count: counted(runs, isWhole || !isPartial(index)),
        failed: failuresOf(runs),
        durations: durationsOf(runs, isWhole || !isPartial(index)),
      };
    }),
    slowest: slowest.slice(0, 7).map((run) => ({ id: run.id, totalDurationNs: durationOf(run) })),
  };
}

describe('Statistics', () => {
  it('are those of the runs that match, or of as many as the budget allows', async () => {
    const cases = fc.record({
      which: fc.nat(2),
      by: fc.constantFrom('HOUR', 'DAY', 'WEEK'),
      zone: fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', '-03:30'),
      selecting: randomSelecting(RUNS),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ which, by, zone, selecting }) => {
        const [budget, gateway] = gateways[which] ?? [MORE, open.gateway];
        // Filters that the runs API has make the budget reach further.
        const { createdAfter, createdBefore } = selecting;
        const wanted =
          budget === MORE
            ? selecting
            : { ...(createdAfter && { createdAfter }), ...(createdBefore && { createdBefore }) };
        const matching = NEWEST_FIRST.filter((run) => isSelected(run, wanted));
        const isFromOldest = wanted.createdBefore !== undefined && wanted.createdAfter === undefined;
        const read = isFromOldest ? matching.slice(-budget) : matching.slice(0, budget);
        const isWhole = read.length === matching.length;
        const { data, errors } = await execute<Answered, object>(gateway, STATISTICS, {
          by,
          zone,
          ...wanted,
        });
        if (data?.runStats == null) {
          expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'by' } }]);
          expect(by).toBe('HOUR');
          return;
        }
        const { overTime } = data.runStats;
        const partial = isFromOldest ? overTime.length - 1 : 0;
        expect(data.runStats).toEqual(statisticsOf(read, isWhole, overTime, (index) => index === partial));
        // No run is in no period, and none has a gap before it.
        const inPeriods = overTime.flatMap(({ from, to }) =>
          read.filter((run) => isSelected(run, { createdAfter: from, createdBefore: to })),
        );
        expect(inPeriods).toHaveLength(read.length);
        for (const [index, { from }] of overTime.slice(1).entries()) expect(from).toBe(overTime[index]?.to);
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('of no runs are nothing', async () => {
    const none = '(createdAfter: "2999-01-01T00:00:00Z")';
    const query = `{ runStats${none} { ${COUNT} ${DURATIONS} byStatus { status } byAgent { failed } overTime(by: HOUR) { from } slowest { id } } }`;
    expect(await execute(open.gateway, query)).toEqual({
      data: {
        runStats: {
          count: { value: 0, precision: 'EXACT' },
          durations: null,
          byStatus: [],
          byAgent: [],
          overTime: [],
          slowest: [],
        },
      },
    });
  });

  it.each([0, 2])(
    'have the slowest runs with the fields that they have in a page (gateway %i)',
    async (which) => {
      const type = schema.getType('Run');
      const fields = Object.values(isObjectType(type) ? type.getFields() : {}).filter(({ type: of }) =>
        isLeafType(getNamedType(of)),
      );
      const selection = `{ ${fields.map(({ name }) => name).join(' ')} requestConfig { useAssistantMessage } agent { id } }`;
      const query = `{ runStats { slowest(first: 300) ${selection} } runs(first: 300) { nodes ${selection} } }`;
      type Row = Readonly<Record<string, unknown>>;
      interface Both {
        readonly runStats: { readonly slowest: readonly Row[] };
        readonly runs: { readonly nodes: readonly Row[] };
      }
      const { data } = await execute<Both, object>(gateways[which]?.[1] ?? open.gateway, query);
      const rows = new Map(data?.runs.nodes.map((row) => [row['id'], row]));
      expect(data?.runStats.slowest.length).toBeGreaterThan(100);
      for (const row of data?.runStats.slowest ?? []) expect(row).toEqual(rows.get(row['id']));
    },
  );
});

describe('Percentiles are durations of runs, by the nearest rank:', () => {
  it.each([
    [[5], { p50: 5, p95: 5, max: 5 }],
    [[4, 2], { p50: 2, p95: 4, max: 4 }],
    [[9, 1, 5, null], { p50: 5, p95: 9, max: 9 }],
    [Array.from({ length: 20 }, (_, ns) => ns), { p50: 9, p95: 18, max: 19 }],
    [Array.from({ length: 100 }, (_, ns) => 99 - ns), { p50: 49, p95: 94, max: 99 }],
  ])('of %j they are %j', async (durations, expected) => {
    const runs = durations.map((run_ns, index) => ({
      id: `run-${index}`,
      agent_id: 'agent-1',
      created_at: '2026-01-01T00:00:00Z',
      run_ns,
    }));
    await using own = await openGateway({ runs });
    const { data } = await execute(own.gateway, '{ runStats { durations { p50 p95 max } } }');
    expect(data).toEqual({ runStats: { durations: expected } });
  });
});

describe('Periods begin and end as clocks of the zone show them', () => {
  it.each<[by: string, zone: string, created: readonly string[], periods: readonly string[]]>([
    // Without a zone, and by an offset.
    [
      'DAY',
      '',
      ['2026-01-01T23:59:59.999999Z', '2026-01-02T00:00:00Z'],
      ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'],
    ],
    ['DAY', '+05:30', ['2026-01-01T18:30:00Z'], ['2026-01-01T18:30:00Z', '2026-01-02T18:30:00Z']],
    // Weeks begin on Monday.
    [
      'WEEK',
      'UTC',
      ['2026-01-04T12:00:00Z', '2026-01-05T00:00:00Z'],
      ['2025-12-29T00:00:00Z', '2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z'],
    ],
    ['WEEK', 'Europe/Berlin', ['2026-03-26T00:00:00Z'], ['2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z']],
    // Days of 23 and 25 hours.
    ['DAY', 'Europe/Berlin', ['2026-03-29T12:00:00Z'], ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z']],
    ['DAY', 'Europe/Berlin', ['2026-10-25T12:00:00Z'], ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']],
    // Clocks go on from 02:00 to 03:00, and back from 03:00 to 02:00: the hour comes twice.
    [
      'HOUR',
      'Europe/Berlin',
      ['2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
      ['2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'],
    ],
    [
      'HOUR',
      'Europe/Berlin',
      ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
      ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
    ],
    [
      'HOUR',
      'Asia/Kathmandu',
      ['2026-01-01T00:14:59Z', '2026-01-01T00:15:00Z'],
      ['2025-12-31T23:15:00Z', '2026-01-01T00:15:00Z', '2026-01-01T01:15:00Z'],
    ],
    // Clocks change by half an hour.
    [
      'DAY',
      'Australia/Lord_Howe',
      ['2026-04-04T20:00:00Z'],
      ['2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'],
    ],
    // Midnight is left out, and comes twice.
    ['DAY', 'America/Santiago', ['2026-09-06T12:00:00Z'], ['2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z']],
    [
      'DAY',
      'America/Havana',
      ['2026-11-01T04:30:00Z', '2026-11-01T05:30:00Z'],
      ['2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ],
    // A day that there was not.
    [
      'DAY',
      'Pacific/Apia',
      ['2011-12-30T09:00:00Z', '2011-12-30T10:00:00Z'],
      ['2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
    ],
  ])('%s in "%s", of runs of %j', async (by, zone, created, periods) => {
    const runs = created.map((created_at, index) => ({
      id: `run-${index}`,
      agent_id: 'agent-1',
      created_at,
    }));
    await using own = await openGateway({ runs });
    const timezone = zone === '' ? '' : `, timezone: "${zone}"`;
    const { data } = await execute<Answered, object>(
      own.gateway,
      `{ runStats { overTime(by: ${by}${timezone}) { from to } } }`,
    );
    const expected = periods.slice(0, -1).map((from, index) => ({ from, to: periods[index + 1] }));
    expect(data?.runStats?.overTime).toEqual(expected);
  });

  it('and are refused if there are more than 1000', async () => {
    expect(await execute(open.gateway, '{ runStats { overTime(by: HOUR) { from } } }')).toMatchObject({
      data: { runStats: null },
      errors: [
        {
          message:
            'by: HOUR makes more than 1000 periods of these runs; ask for by: DAY, or a shorter time with createdAfter and createdBefore',
          extensions: { code: 'BAD_USER_INPUT', argument: 'by' },
        },
      ],
    });
  });
});

describe('The tokens of runs', () => {
  const names = [
    'promptTokens',
    'completionTokens',
    'totalTokens',
    'cachedInputTokens',
    'cacheWriteTokens',
    'reasoningTokens',
  ];
  const tokensOf = (number: number) => ({
    prompt_tokens: number,
    completion_tokens: 2 * number,
    total_tokens: 3 * number,
    cached_input_tokens: number % 2 === 0 ? number : null,
    cache_write_tokens: null,
    reasoning_tokens: number === 3 ? 7 : null,
  });

  it.each([
    ['', 0, 100, 'EXACT'],
    ['', 30, 100, 'AT_LEAST'],
    ['(first: 7)', 30, 7, 'AT_LEAST'],
    ['(first: 130)', 30, 130, 'EXACT'],
    ['(first: 1000)', 30, 130, 'EXACT'],
    ['(first: 0)', 30, 0, 'AT_LEAST'],
  ])(
    'with %j, of 100 and %i more runs, are the sums over all steps of the newest %i',
    async (args, more, taken, precision) => {
      const runs = randomRuns(100 + more, 2);
      await using own = await openGateway({ runs });
      own.store.steps.insert(
        runs.flatMap((run, index) =>
          [index, index + 1].map((number) => ({
            id: `step-${index}-${number}`,
            run_id: run.id,
            agent_id: run.agent_id,
            created_at: run.created_at,
            ...tokensOf(number),
          })),
        ),
      );
      const numbers = sortRuns(runs, 'desc')
        .slice(0, taken)
        .flatMap((run) => [runs.indexOf(run), runs.indexOf(run) + 1]);
      const sums = names.map((name, index) => {
        const values = numbers
          .map((number) => Object.values(tokensOf(number))[index])
          .filter((value) => typeof value === 'number');
        return [
          name,
          values.length === 0 && index > 2 ? null : values.reduce((sum, value) => sum + value, 0),
        ];
      });
      const tokens = {
        ...Object.fromEntries(sums),
        stepCount: numbers.length,
        runCount: { value: taken, precision },
      };
      // By this bound alone the list is read from its other end.
      for (const bound of ['', '(createdBefore: "2999-01-01")']) {
        const query = `{ runStats${bound} { tokens${args} { ${names.join(' ')} stepCount runCount { value precision } } } }`;
        // oxlint-disable-next-line no-await-in-loop -- One after the other.
        expect(await execute(own.gateway, query)).toEqual({ data: { runStats: { tokens } } });
      }
    },
  );
});
