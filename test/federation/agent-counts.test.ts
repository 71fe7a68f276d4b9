import { describe, expect, it } from 'vitest';
import type { RandomRun } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { agentIds, evenRuns, newest, runsOf, shuffledRuns } from './agent-runs.ts';
import { agentNamed, askEntities } from './entities.ts';

const NEWEST_THREE = '... on Agent { id runs(first: 3) { nodes { id } pageInfo { hasNextPage } } }';

/** Asks for the newest three runs of so many agents, checks them, and returns the count of requests. */
async function requestsFor(runs: readonly RandomRun[], count: number): Promise<number> {
  await using test = await startTestGateway({ runs });
  const agents = agentIds(count);
  const { entities, errors, requests } = await askEntities(test, agents.map(agentNamed), NEWEST_THREE);
  expect(errors).toBeUndefined();
  expect(entities).toEqual(
    agents.map((id) => {
      const own = newest(runs, id, 4);
      return {
        id,
        runs: {
          nodes: own.slice(0, 3).map((run) => ({ id: run })),
          pageInfo: { hasNextPage: own.length > 3 },
        },
      };
    }),
  );
  return requests;
}

/** Agents whose rows a first window over all of them can't show for certain: they need another look. */
function unsettledBy(runs: readonly RandomRun[], count: number, rowsEach: number): number {
  const window = Math.min(1000, count * rowsEach * 3);
  if (runs.length < window) return 0;
  const seen = Map.groupBy(runs.toReversed().slice(0, window), (run) => run.agent_id);
  return agentIds(count).filter((id) => (seen.get(id)?.length ?? 0) < rowsEach).length;
}

const range = (length: number) => Array.from({ length }, (_, index) => index);

describe('The newest three runs of 100 agents', () => {
  it('who take turns come from one request', async () => {
    expect(await requestsFor(evenRuns(5000, 100), 100)).toBe(1);
  });

  it.each([1, 2, 3, 4, 5])(
    'whose runs are shuffled (seed %i) come from at most two requests',
    async (seed) => {
      expect(await requestsFor(shuffledRuns(5000, 100, seed), 100)).toBeLessThanOrEqual(2);
    },
  );

  // Oldest first, as the newest runs are what a window sees.
  it.each<[string, RandomRun[]]>([
    [
      'of whom one owns almost everything',
      runsOf([...range(300).map((place) => place % 100), ...range(4700).fill(0)]),
    ],
    [
      'of whom each is busier than all before together',
      runsOf(range(5000).map((place) => Math.clz32(place + 1))),
    ],
    ['who worked one after another', runsOf(range(5000).map((place) => 99 - Math.floor(place / 50)))],
    ['of whom most have no runs', runsOf(range(5000).map((place) => place % 7))],
  ])(
    '%s are right, and cost at most one request and one more for each agent that it leaves open',
    async (name, runs) => {
      const requests = await requestsFor(runs, 100);
      const unsettled = unsettledBy(runs, 100, 4);
      console.log(`100 agents ${name}: ${requests} requests, ${unsettled} agents left open by the first`);
      expect(requests).toBeLessThanOrEqual(1 + unsettled);
    },
  );
});

it('The worst case for 30 agents costs as many requests as asking for each of them', async () => {
  // Each window is filled by the runs of one agent.
  const runs = runsOf(range(30).flatMap((agent) => range(12 * (agent + 1)).fill(29 - agent)));
  const requests = await requestsFor(runs, 30);
  console.log(`30 agents, the worst there is: ${requests} requests`);
  expect(requests).toBeLessThanOrEqual(30);
});

it('More agents than one request takes are asked for by the hundred', async () => {
  expect(await requestsFor(evenRuns(2500, 250), 250)).toBe(3);
});
