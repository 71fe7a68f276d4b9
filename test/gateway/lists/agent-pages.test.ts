import { expect, it } from 'vitest';
import { agentIds, agentNamed, askEntities, evenRuns, newest, runsOf } from '../../support/agent-runs.ts';
import { openGateway } from '../../support/open-gateway.ts';
import type { RandomRun } from '../../support/random-runs.ts';

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** Asks for the newest three runs of so many agents, checks them, and returns the count of requests. */
async function requestsFor(runs: readonly RandomRun[], count: number): Promise<number> {
  await using test = await openGateway({ runs });
  const agents = agentIds(count);
  const page = '... on Agent { id runs(first: 3) { nodes { id } pageInfo { hasNextPage } } }';
  const { entities, errors, requests } = await askEntities(test, agents.map(agentNamed), page);
  expect(errors).toBeUndefined();
  expect(entities).toEqual(
    agents.map((id) => {
      const own = newest(runs, id, 4).map((run) => ({ id: run }));
      return { id, runs: { nodes: own.slice(0, 3), pageInfo: { hasNextPage: own.length > 3 } } };
    }),
  );
  return requests;
}

it.each([
  ['who take turns come from one request', evenRuns(1500, 100), 100, 1],
  ['who are more than a hundred come by the hundred', evenRuns(2000, 250), 250, 3],
  // Each window is filled by the runs of one agent. Oldest first, as the newest runs are what a window sees.
  [
    'in the worst order cost as many as asking for each of them',
    runsOf(range(30).flatMap((agent) => range(12 * (agent + 1)).fill(29 - agent))),
    30,
    30,
  ],
])('Agent.runs of many agents %s', async (_name, runs, count, most) => {
  expect(await requestsFor(runs, count)).toBeLessThanOrEqual(most);
});
