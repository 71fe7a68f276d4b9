import { describe, expect, it } from 'vitest';
import { serve } from '../support/serve.ts';
import { lacksNginx } from './nginx.ts';
import { type Replica, startReplicas } from './replicas.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000001';
const AGENT = 'agent-00000000-0000-4000-8000-000000000001';

/** A runs API with one run, which answers no request of some kind. @returns what was asked of that kind */
async function startUpstream(isHeld: (method: string, path: string) => boolean) {
  const held: string[] = [];
  const served = await serve((request, response) => {
    const { method = '', url = '' } = request;
    const run = { id: RUN, agent_id: AGENT, status: 'running', created_at: '2026-01-01T00:00:00Z' };
    response.setHeader('content-type', 'application/json');
    if (isHeld(method, url)) held.push(`${method} ${url}`);
    else response.end(JSON.stringify(url.startsWith(`/v1/runs/${RUN}`) ? run : []));
  });
  return { held, baseUrl: served.baseUrl, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

describe.skipIf(lacksNginx())('Behind nginx, while a replica is killed', () => {
  it('a mutation that is under way is neither sent again nor lost in silence', async () => {
    await using upstream = await startUpstream((method) => method === 'POST');
    await using gateways = await startReplicas(upstream.baseUrl);
    const answer = post(gateways.url, `mutation { cancelRuns(ids: ["${RUN}"]) { __typename } }`);
    await expect.poll(() => upstream.held.length).toBe(1);
    await killEach(gateways.replicas);
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([
      502,
      { errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: false } }] },
    ]);
    expect(upstream.held).toHaveLength(1);
  });

  it('a query that is under way is answered by another one', async () => {
    let isHeld = true;
    await using upstream = await startUpstream((_method, path) => isHeld && path.startsWith('/v1/runs/?'));
    await using gateways = await startReplicas(upstream.baseUrl);
    const answer = post(gateways.url, '{ runs(first: 1) { nodes { id } } }');
    await expect.poll(() => upstream.held.length).toBeGreaterThan(0);
    isHeld = false;
    await killEach(gateways.replicas);
    const response = await answer;
    expect([response.status, await response.json()]).toEqual([200, { data: { runs: { nodes: [] } } }]);
  });
});

/** At any time, two of them are there. */
async function killEach(replicas: readonly Replica[]): Promise<void> {
  for (const replica of replicas) {
    await replica.stop('SIGKILL');
    await replica.start();
  }
}

function post(url: string, query: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
}
