import { describe, expect, it } from 'vitest';
import { joinRepeatedKeys } from '../support/recording-proxy.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { agentIds, evenRuns, newest } from './agent-runs.ts';
import { agentNamed, askEntities } from './entities.ts';

const agents = agentIds(100);
const runs = evenRuns(3000, agents.length);

const start = () => startTestGateway({ runs, rewrite: joinRepeatedKeys });

/** Two pages of each of a hundred agents. */
async function askAll(test: TestGateway, filter: string): Promise<number> {
  const { entities, errors, requests } = await askEntities(
    test,
    agents.map(agentNamed),
    `... on Agent {
      newest: runs(first: 2${filter}) { nodes { agentId } pageInfo { hasNextPage } }
      oldest: runs(last: 3${filter}) { nodes { agentId } pageInfo { hasPreviousPage } }
    }`,
  );
  expect(errors).toBeUndefined();
  const own = (agentId: string, rows: number) => Array.from({ length: rows }, () => ({ agentId }));
  expect(entities).toEqual(
    agents.map((agent) => ({
      newest: { nodes: own(agent, 2), pageInfo: { hasNextPage: true } },
      oldest: { nodes: own(agent, 3), pageInfo: { hasPreviousPage: true } },
    })),
  );
  return requests;
}

const ALL_STATUSES = ', statuses: [CREATED, RUNNING, COMPLETED, FAILED, CANCELLED]';

// Behind such a proxy nothing can be asked of two agents, or of two statuses, in one request.
describe('Behind a proxy that joins repeated keys, a hundred agents', () => {
  it('can be the first thing that is asked for, and cost one request each', async () => {
    await using test = await start();
    // Five more find out what the proxy does, two or three for each of the pages.
    expect(await askAll(test, '')).toBe(205);
    expect(await askAll(test, '')).toBe(200);
  });

  it('can be asked for by all statuses, once it is known what the proxy does', async () => {
    await using test = await start();
    await askAll(test, '');
    expect(await askAll(test, ALL_STATUSES)).toBe(1000);
  });

  // These are 500 requests for each page. Sent all at once they overflow the upstream's slots and their
  // queue, which hold 576, and come back as UPSTREAM_UNAVAILABLE.
  it('can be asked for by all statuses before anything is known of the proxy', async () => {
    await using test = await start();
    await askAll(test, ALL_STATUSES);
  });

  // The limit of a window is for a hundred agents together: it must not go into the request for each.
  it('are each asked for no more rows than a page of one agent needs', async () => {
    await using test = await start();
    const page = '... on Agent { runs(first: 2) { nodes { id } } }';
    const { entities } = await askEntities(test, agents.map(agentNamed), page);
    expect(entities).toEqual(
      agents.map((agent) => ({ runs: { nodes: newest(runs, agent, 2).map((id) => ({ id })) } })),
    );
    const limits = test.upstreamRequests
      .filter((path) => path.includes('agent_id='))
      .map((path) => Number(new URL(path, 'http://x').searchParams.get('limit')));
    expect(Math.max(...limits)).toBeLessThanOrEqual(2 * 3);
  });
});
