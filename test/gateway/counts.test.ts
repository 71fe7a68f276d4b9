import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import {
  isSelected,
  randomSelecting,
  SELECTING_ARGUMENTS,
  SELECTING_VARIABLES,
} from '../support/run-arguments.ts';
import { sortRuns } from '../support/run-list.ts';

interface Counted {
  readonly runs: { readonly totalCount: { readonly value: number; readonly precision: string } } | null;
}

const COUNT = `query ($first: Int, ${SELECTING_VARIABLES}) {
  runs(first: $first, ${SELECTING_ARGUMENTS}) { totalCount { value precision } nodes { id } }
}`;
const RUNS = randomRuns(300, 9);
const BUDGETS = [1, 70, 149, 150, 200, 500];

let open: OpenGateway;
let gateways: ReadonlyMap<number, Gateway>;
beforeAll(async () => {
  open = await openGateway({ runs: RUNS });
  const entries = BUDGETS.map(
    async (scanBudget) => [scanBudget, await open.another({ scanBudget })] as const,
  );
  gateways = new Map(await Promise.all(entries));
  return async () => {
    for (const gateway of gateways.values()) await gateway[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
  };
});

describe('totalCount', () => {
  it('is the number of runs that match, or says that there are more, within any budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomSelecting(RUNS),
        fc.constantFrom(...BUDGETS),
        fc.constantFrom(0, 1, 20, 1000),
        async (selecting, scanBudget, first) => {
          const gateway = gateways.get(scanBudget)!;
          const { data, errors } = await execute<Counted, object>(gateway, COUNT, { first, ...selecting });
          const all = RUNS.filter((run) => isSelected(run, selecting)).length;
          const isBudgetSpent = scanBudget < 1.5 * RUNS.length;
          if (data?.runs == null) {
            expect(errors?.[0]?.extensions?.['code']).toBe('SCAN_BUDGET_EXCEEDED');
            expect(isBudgetSpent).toBe(true);
            return;
          }
          const { value, precision } = data.runs.totalCount;
          if (precision === 'EXACT') expect(value).toBe(all);
          else {
            expect(value).toBeLessThanOrEqual(all);
            expect(isBudgetSpent).toBe(true);
          }
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  });

  it.each([
    [299, { value: 299, precision: 'AT_LEAST' }],
    [300, { value: 300, precision: 'EXACT' }],
    [301, { value: 300, precision: 'EXACT' }],
  ])('of 300 runs, with a budget of %i rows, is %j', async (scanBudget, expected) => {
    await using gateway = await open.another({ scanBudget });
    const count =
      '{ runs(first: 1) { totalCount { value precision } } runStats { count { value precision } } }';
    expect(await execute(gateway, count)).toEqual({
      data: { runs: { totalCount: expected }, runStats: { count: expected } },
    });
  });

  it('is for each agent its own, of many at once and in any window', async () => {
    const query = `query ($agents: [_Any!]!, $first: Int, $createdAfter: DateTime, $createdBefore: DateTime) {
      _entities(representations: $agents) { ... on Agent {
        runs(first: $first, createdAfter: $createdAfter, createdBefore: $createdBefore) {
          nodes { id } totalCount { value precision } pageInfo { hasNextPage }
        }
      } }
    }`;
    const ids = [...new Set(RUNS.map(({ agent_id }) => agent_id))];
    const agents = ids.map((id) => ({ __typename: 'Agent', id }));
    const newestFirst = sortRuns(RUNS, 'desc');
    const instant = fc.option(fc.constantFrom(...RUNS.map(({ created_at }) => created_at)), {
      nil: undefined,
    });
    const windows = fc.record({ createdAfter: instant, createdBefore: instant });
    await fc.assert(
      fc.asyncProperty(
        windows,
        fc.integer({ min: 1, max: 9 }),
        async ({ createdAfter, createdBefore }, first) => {
          const window = { ...(createdAfter && { createdAfter }), ...(createdBefore && { createdBefore }) };
          const { data } = await execute<{ _entities: object[] }, object>(open.gateway, query, {
            agents,
            first,
            ...window,
          });
          const expected = ids.map((agentId) => {
            const own = newestFirst.filter((run) => isSelected(run, { agentId, ...window }));
            const nodes = own.slice(0, first).map(({ id }) => ({ id }));
            const totalCount = { value: own.length, precision: 'EXACT' };
            return { runs: { nodes, totalCount, pageInfo: { hasNextPage: own.length > first } } };
          });
          expect(data?._entities).toEqual(expected);
        },
      ),
      { numRuns: propertyRuns(20) },
    );
  });
});
