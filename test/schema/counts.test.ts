import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { FILTER_ARGUMENTS, FILTER_VARIABLES, randomFilters, wireFilters } from '../support/run-filters.ts';
import { matches } from '../support/run-list.ts';
import {
  areConsistent,
  BOUND_ARGUMENTS,
  BOUND_VARIABLES,
  isWithin,
  randomWindows,
} from '../support/run-windows.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { casesOver, CLOUD, keyFor } from '../support/upstream-variants.ts';
import { INTERNAL_ROUTES, startWindowedUpstream } from '../support/windowed-upstream.ts';

const VARIABLES = `${FILTER_VARIABLES}, ${BOUND_VARIABLES}`;
const SELECTION = `${FILTER_ARGUMENTS}, ${BOUND_ARGUMENTS}`;

interface Count {
  readonly value: number;
  readonly precision: 'EXACT' | 'AT_LEAST';
}

const COUNT = `query ($first: Int, ${VARIABLES}) {
  runs(first: $first, ${SELECTION}) { totalCount { value precision } nodes { id } }
}`;

interface Counted {
  readonly runs: { readonly totalCount: Count | null; readonly nodes: readonly object[] } | null;
}

/** Compares random counts of gateways that differ in their budgets with the runs. */
async function expectRightCounts(
  runs: readonly RandomRun[],
  config: Partial<Config>,
  cases: number,
): Promise<void> {
  const budgets = [1, 700, 1000, 1499, 1500, 5000];
  const gateways = new Map(
    await Promise.all(
      budgets.map(
        async (scanBudget) => [scanBudget, await createGateway({ ...config, scanBudget })] as const,
      ),
    ),
  );
  await using all = new AsyncDisposableStack();
  for (const gateway of gateways.values()) all.use(gateway);
  const questions = fc.record({
    selected: fc
      .record({ filters: randomFilters, window: fc.oneof(fc.constant({}), randomWindows(runs)) })
      .filter(areConsistent),
    scanBudget: fc.constantFrom(...budgets),
    first: fc.constantFrom(0, 1, 20, 1000),
  });
  await fc.assert(
    fc.asyncProperty(questions, async ({ selected: { filters, window }, scanBudget, first }) => {
      const gateway = gateways.get(scanBudget)!;
      const { data, errors } = await execute<Counted, object>(gateway, COUNT, {
        first,
        ...filters,
        ...window,
      });
      const listed = runs.filter((run) => matches(run, wireFilters(filters)));
      const expected = listed.filter((run) => isWithin(run, window)).length;
      if (data?.runs == null) {
        expect(errors?.[0]?.extensions?.['code']).toBe('SCAN_BUDGET_EXCEEDED');
        expect(scanBudget).toBeLessThan(1.5 * listed.length);
        return;
      }
      const { value = -1, precision } = data.runs.totalCount ?? {};
      if (precision === 'EXACT') expect(value).toBe(expected);
      else {
        expect(value).toBeLessThanOrEqual(expected);
        expect(scanBudget).toBeLessThan(1.5 * listed.length);
      }
    }),
    { numRuns: propertyRuns(cases) },
  );
}

describe.each(INTERNAL_ROUTES)('With an internal list that is %s, totalCount', (internal) => {
  it('is the number of runs that match, or says that it is less', async () => {
    const runs = randomRuns(1500, 9);
    await using upstream = await startWindowedUpstream(runs, { internal });
    await expectRightCounts(runs, { upstreamUrl: upstream.baseUrl }, 40);
  });
});

describe.each(CLOUD)('Over $variant, totalCount', (upstream) => {
  it('is the number of runs that match, or says that it is less', async () => {
    const runs = randomRuns(1500, 9);
    await using test = await startTestGateway({ runs, ...upstream });
    const config = { upstreamUrl: test.gateway.upstreamUrl, ...keyFor(upstream) };
    await expectRightCounts(runs, config, casesOver(upstream, 40));
  });
});

describe('25,000 runs, with a budget of 5,000 rows', () => {
  const [model] = randomRuns(1, 1);
  const runs = Array.from({ length: 25_000 }, (_, index) => ({
    ...model!,
    id: `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    created_at: new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z'),
  }));
  const start = (count: number) => startWindowedUpstream(runs.slice(0, count));

  it.each([
    [4_999, { value: 4_999, precision: 'EXACT' }],
    [5_000, { value: 5_000, precision: 'EXACT' }],
    [5_001, { value: 5_000, precision: 'AT_LEAST' }],
    [25_000, { value: 5_000, precision: 'AT_LEAST' }],
  ])('%i runs are counted as %j', async (count, expected) => {
    await using upstream = await start(count);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { data } = await execute<Counted, never>(gateway, '{ runs { totalCount { value precision } } }');
    expect(data?.runs?.totalCount).toEqual(expected);
  });
});
