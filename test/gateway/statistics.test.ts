import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
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

const groupOf = (runs: readonly RandomRun[], isWhole: boolean) => ({
  count: counted(runs, isWhole),
  failed: runs.filter(({ status }) => status === 'failed').length,
  durations: durationsOf(runs, isWhole),
});

/** What is to be answered, worked out run by run. @param partial which of the periods of the answer lacks runs */
function statisticsOf(read: readonly RandomRun[], periods: readonly Period[], partial: number | undefined) {
  const isWhole = partial === undefined;
  const { failed, ...all } = groupOf(read, isWhole);
  const timed = read.filter((run) => durationOf(run) !== null);
  const slowest = timed.toSorted((a, b) => (durationOf(b) ?? 0) - (durationOf(a) ?? 0)).slice(0, 7);
  const by = (key: 'status' | 'stop_reason') =>
    groupsOf(read, key).map(([text, runs]) => [text, counted(runs, isWhole)] as const);
  return {
    ...all,
    failed: { ...all.count, value: failed },
    byStatus: by('status').map(([rawStatus, count]) => ({ rawStatus, count })),
    byStopReason: by('stop_reason').map(([rawStopReason, count]) => ({ rawStopReason, count })),
    byAgent: groupsOf(read, 'agent_id')
      .slice(0, 2)
      .map(([id, runs]) => ({ agent: { id }, ...groupOf(runs, isWhole) })),
    overTime: periods.map(({ from, to }, index) => {
      const runs = read.filter((run) => isSelected(run, { createdAfter: from, createdBefore: to }));
      return { from, to, ...groupOf(runs, index !== partial) };
    }),
    slowest: slowest.map((run) => ({ id: run.id, totalDurationNs: durationOf(run) })),
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
        const { createdAfter, createdBefore } = selecting;
        // Filters that the runs API has make the budget reach further.
        const wanted =
          budget === MORE
            ? selecting
            : { ...(createdAfter && { createdAfter }), ...(createdBefore && { createdBefore }) };
        const matching = NEWEST_FIRST.filter((run) => isSelected(run, wanted));
        const isFromOldest = wanted.createdBefore !== undefined && wanted.createdAfter === undefined;
        const read = isFromOldest ? matching.slice(-budget) : matching.slice(0, budget);
        const { data, errors } = await execute<Answered, object>(gateway, STATISTICS, {
          by,
          zone,
          ...wanted,
        });
        if (data?.runStats == null) {
          const message = expect.stringContaining('by: HOUR makes more than 1000 periods of these runs');
          const extensions = { code: 'BAD_USER_INPUT', argument: 'by' };
          expect(errors).toMatchObject([{ message, extensions }]);
          expect(by).toBe('HOUR');
          const [newest = 0, oldest = 0] = [read[0], read.at(-1)].map((run) =>
            Date.parse(run?.created_at ?? ''),
          );
          expect(newest - oldest).toBeGreaterThan(998 * 3_600_000);
          return;
        }
        const { overTime } = data.runStats;
        const isWhole = read.length === matching.length;
        const partial = isWhole ? undefined : isFromOldest ? overTime.length - 1 : 0;
        expect(data.runStats).toEqual(statisticsOf(read, overTime, partial));
        // No run is in no period, and none has a gap before it.
        const inPeriods = overTime.flatMap(({ from, to }) =>
          read.filter((run) => isSelected(run, { createdAfter: from, createdBefore: to })),
        );
        expect(inPeriods).toHaveLength(read.length);
        for (const [index, { from }] of overTime.slice(1).entries()) expect(from).toBe(overTime[index]?.to);
      }),
      { numRuns: propertyRuns(50) },
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
});

describe('Periods', () => {
  it('begin by the clocks of their zone', async () => {
    // A day of 25 hours.
    const runs = [{ id: 'run-1', agent_id: 'agent-1', created_at: '2026-10-25T12:00:00Z' }];
    await using own = await openGateway({ runs });
    const query = '{ runStats { overTime(by: DAY, timezone: "Europe/Berlin") { from to } } }';
    expect(await execute(own.gateway, query)).toEqual({
      data: { runStats: { overTime: [{ from: '2026-10-24T22:00:00Z', to: '2026-10-25T23:00:00Z' }] } },
    });
  });
});

describe('The tokens of runs', () => {
  it.each([
    ['', 130, 100, 'AT_LEAST'],
    ['(first: 7)', 130, 7, 'AT_LEAST'],
    ['(first: 1000)', 130, 130, 'EXACT'],
  ])('%s of %i runs are the sums over all steps of the newest %i', async (args, count, taken, precision) => {
    const runs = sortRuns(randomRuns(count, 2), 'desc');
    await using own = await openGateway({ runs });
    own.store.steps.insert(
      runs.flatMap(({ id: run_id, agent_id, created_at }, index) =>
        [1, 1000].map((factor) => ({
          id: `step-${index}-${factor}`,
          run_id,
          agent_id,
          created_at,
          prompt_tokens: index * factor,
          completion_tokens: factor,
          total_tokens: 7,
          reasoning_tokens: index === 0 ? factor : null,
        })),
      ),
    );
    const tokens = {
      promptTokens: Array.from({ length: taken }, (_, index) => index * 1001).reduce((sum, n) => sum + n, 0),
      completionTokens: taken * 1001,
      totalTokens: taken * 14,
      cachedInputTokens: null,
      reasoningTokens: taken === 0 ? null : 1001,
      stepCount: taken * 2,
    };
    const fields = `${Object.keys(tokens).join(' ')} runCount { value precision }`;
    const runCount = { value: taken, precision };
    // By this bound alone the list is read from its other end.
    for (const bound of ['', '(createdBefore: "2999-01-01")']) {
      const query = `{ runStats${bound} { tokens${args} { ${fields} } } }`;
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      expect(await execute(own.gateway, query)).toEqual({
        data: { runStats: { tokens: { ...tokens, runCount } } },
      });
    }
  });
});
