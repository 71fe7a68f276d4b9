import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from '../../../src/runs/run-stats.ts';
import { execute } from '../../support/execute.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { randomRuns } from '../../support/random-runs.ts';
import {
  isSelected,
  randomSelecting,
  SELECTING_ARGUMENTS,
  SELECTING_VARIABLES,
} from '../../support/run-arguments.ts';
import { sortRuns } from '../../support/run-list.ts';

const COUNT = 'count { value precision }';
const DURATIONS = 'durations { p50 p95 max runCount { value precision } }';
const FIELDS = `
  ${COUNT} failed { value precision } ${DURATIONS}
  byOutcome { outcome ${COUNT} } byStatus { rawStatus ${COUNT} } byStopReason { rawStopReason ${COUNT} }
  byAgent(first: 2) { agent { id } ${COUNT} failed ${DURATIONS} }
  overTime(by: DAY, timezone: "Europe/Berlin") { from to ${COUNT} failed ${DURATIONS} }
  slowest(first: 2) { id totalDurationNs }`;

/** Newest first: agent, creation, status, stop reason and duration. */
const ROWS: readonly (readonly [number, string, string, string | null, number | null])[] = [
  [1, '2026-10-26T00:30:00.000001Z', 'running', null, null],
  [2, '2026-10-25T23:00:00Z', 'failed', 'error', 40],
  // The last instant of a day of 25 hours in Berlin.
  [1, '2026-10-25T22:59:59.999999Z', 'completed', 'error', 30],
  [3, '2026-10-25T12:00:00Z', 'completed', 'end_turn', 10],
  [2, '2026-10-24T22:00:00Z', 'failed', 'llm_api_error', 20],
];
const RUNS = ROWS.map(([agent, created_at, status, stop_reason, total_duration_ns], place) => ({
  id: runId(9 - place),
  agent_id: agentId(agent),
  created_at,
  status,
  stop_reason,
  total_duration_ns,
}));

const RANDOM = randomRuns(100, 12);

const exact = (value: number) => ({ value, precision: 'EXACT' });
const atLeast = (value: number) => ({ value, precision: 'AT_LEAST' });
const durations = (p50: number, p95: number, max: number, runCount: object) => ({ p50, p95, max, runCount });

describe('Query.runStats', () => {
  it('counts all runs, the largest groups first, and days of their time zone', async () => {
    await using open = await openGateway({ runs: RUNS });
    const of = (agent: number, count: number, failed: number, ...ns: [number, number, number, number]) => ({
      agent: { id: agentId(agent) },
      count: exact(count),
      failed,
      durations: durations(ns[0], ns[1], ns[2], exact(ns[3])),
    });
    const day = (from: string, to: string, { count, failed, durations: of24 }: ReturnType<typeof of>) => ({
      from,
      to,
      count,
      failed,
      durations: of24,
    });
    for (const rowCopying of [true, false]) {
      await using gateway = await open.another({ rowCopying });
      expect(await execute(gateway, `{ runStats { ${FIELDS} } }`)).toEqual({
        data: {
          runStats: {
            count: exact(5),
            failed: exact(3),
            durations: durations(20, 40, 40, exact(4)),
            byOutcome: [
              { outcome: 'FAILED', count: exact(3) },
              { outcome: 'SUCCEEDED', count: exact(1) },
              { outcome: 'UNFINISHED', count: exact(1) },
            ],
            byStatus: [
              { rawStatus: 'completed', count: exact(2) },
              { rawStatus: 'failed', count: exact(2) },
              { rawStatus: 'running', count: exact(1) },
            ],
            byStopReason: [
              { rawStopReason: 'error', count: exact(2) },
              { rawStopReason: null, count: exact(1) },
              { rawStopReason: 'end_turn', count: exact(1) },
              { rawStopReason: 'llm_api_error', count: exact(1) },
            ],
            byAgent: [of(1, 2, 1, 30, 30, 30, 1), of(2, 2, 2, 20, 40, 40, 2)],
            overTime: [
              day('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', of(0, 3, 2, 20, 30, 30, 3)),
              day('2026-10-25T23:00:00Z', '2026-10-26T23:00:00Z', of(0, 2, 1, 40, 40, 40, 1)),
            ],
            slowest: [
              { id: runId(8), totalDurationNs: 40 },
              { id: runId(7), totalDurationNs: 30 },
            ],
          },
        },
      });
    }
  });

  it('says AT_LEAST where there are more runs than SCAN_BUDGET, in total and for each period', async () => {
    await using open = await openGateway({ runs: RUNS, config: { scanBudget: 4 } });
    expect(await open.execute(`{ runStats { ${FIELDS} } }`)).toMatchObject({
      data: {
        runStats: {
          count: atLeast(4),
          failed: atLeast(2),
          durations: durations(30, 40, 40, atLeast(3)),
          byStatus: [{ count: atLeast(2) }, { count: atLeast(1) }, { count: atLeast(1) }],
          overTime: [
            { count: atLeast(2), failed: 1, durations: durations(10, 30, 30, atLeast(2)) },
            { count: exact(2), failed: 1, durations: durations(40, 40, 40, exact(1)) },
          ],
        },
      },
    });
    // By this bound alone the list is read from its other end.
    const bound = '(createdBefore: "2999-01-01")';
    const days = `overTime(by: DAY) { ${COUNT} } tokyo: overTime(by: DAY, timezone: "+09:00") { ${COUNT} }`;
    const overTime = [{ count: exact(1) }, { count: atLeast(3) }];
    expect(await open.execute(`{ runStats${bound} { ${days} } }`)).toEqual({
      data: { runStats: { overTime, tokyo: [{ count: exact(2) }, { count: atLeast(2) }] } },
    });
  });

  it.each(fc.sample(randomSelecting(RANDOM), { numRuns: 8, seed: 1 }))(
    'counts the runs that match %j',
    async (selecting) => {
      await using open = await openGateway({ runs: RANDOM });
      const query = `query (${SELECTING_VARIABLES}) { runStats(${SELECTING_ARGUMENTS}) { ${COUNT} } }`;
      const value = RANDOM.filter((run) => isSelected(run, selecting)).length;
      expect(await open.execute(query, selecting)).toEqual({ data: { runStats: { count: exact(value) } } });
    },
  );

  it('has at most 1,000 periods', async () => {
    const old = { id: runId(1), agent_id: agentId(1), created_at: '2026-01-01T00:00:00Z' };
    await using open = await openGateway({ runs: [...RUNS, old] });
    const { errors } = await open.execute('{ runStats { overTime(by: HOUR) { from } } }');
    const message = expect.stringContaining('by: HOUR makes more than 1000 periods of these runs');
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', argument: 'by' } }]);
  });

  it('has 0, null and empty lists for no runs', async () => {
    await using open = await openGateway();
    expect(await open.execute(`{ runStats { ${FIELDS} } }`)).toEqual({
      data: {
        runStats: {
          count: exact(0),
          failed: exact(0),
          durations: null,
          byOutcome: [],
          byStatus: [],
          byStopReason: [],
          byAgent: [],
          overTime: [],
          slowest: [],
        },
      },
    });
  });
});

it.each([
  ['', 130, 100, 'AT_LEAST'],
  ['(first: 7)', 130, 7, 'AT_LEAST'],
  ['(first: 1000)', 130, 130, 'EXACT'],
])(
  'runStats.tokens%s of %i runs are the sums over all steps of the newest %i',
  async (args, count, taken, precision) => {
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
      expect(await own.execute(query)).toEqual({ data: { runStats: { tokens: { ...tokens, runCount } } } });
    }
  },
);

it('durations { p50 p95 } are the smallest values that this part of the durations does not exceed', () => {
  const percents = fc.integer({ min: 1, max: 100 });
  const values = fc.array(fc.nat(50), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, percents, (some, percent) => {
      const sorted = some.toSorted((a, b) => a - b);
      const reaching = sorted.filter(
        (value) => sorted.filter((each) => each <= value).length * 100 >= percent * sorted.length,
      );
      expect(percentile(sorted, percent / 100)).toBe(reaching[0]);
    }),
    { numRuns: propertyRuns(500) },
  );
});
