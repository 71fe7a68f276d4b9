import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { serve } from '../support/serve.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { evenRuns } from './agent-runs.ts';
import { runNamed } from './entities.ts';

const RUNS = evenRuns(150, 5);
const LIST = '{ runs(first: 150) { nodes { id } } }';
const ENTITIES = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on Run { id status totalDurationNs agentId } }
}`;
const SAME = `{ runs(first: 150) { nodes { id status totalDurationNs agentId } } }`;

let test: TestGateway;
const start = async (rowMemoryMs: number, options: object = {}) => {
  test = await startTestGateway({ runs: RUNS, config: { rowMemoryMs }, ...options });
};
beforeEach(() => start(60_000));
afterEach(() => test[Symbol.asyncDispose]());

/** Lists, and looks up what was listed, as another operation. */
async function lookUp(ids: readonly string[], headers = {}) {
  const before = test.upstreamRequests.length;
  const answer = await execute<{ _entities: readonly unknown[] }, object>(
    test.gateway,
    ENTITIES,
    { of: ids.map(runNamed) },
    headers,
  );
  expect(answer.errors).toBeUndefined();
  return { entities: answer.data?._entities, requests: test.upstreamRequests.length - before };
}

const list = (headers = {}) =>
  execute<{ runs: { nodes: readonly { id: string }[] } }, object>(test.gateway, LIST, undefined, headers);

const idsListed = async (headers = {}) => (await list(headers)).data?.runs.nodes.map(({ id }) => id) ?? [];

describe('Runs that were just listed', () => {
  it('are looked up without a request, and are as in the list', async () => {
    const { data } = await execute<{ runs: { nodes: readonly unknown[] } }, object>(test.gateway, SAME);
    const ids = await idsListed();
    expect(ids).toHaveLength(150);
    const { entities, requests } = await lookUp(ids);
    expect(entities).toEqual(data?.runs.nodes);
    // The version of the server, for those that have ended and have no duration.
    expect(requests).toBeLessThanOrEqual(1);
  });

  it('take two requests each where they are not remembered, as by default', async () => {
    await test[Symbol.asyncDispose]();
    await start(0);
    const { requests } = await lookUp(await idsListed());
    expect(requests).toBe(300);
  });

  it('are looked up for a caller who was shown none', async () => {
    const ids = await idsListed({ authorization: 'Bearer one' });
    const { requests } = await lookUp(ids.slice(0, 5), { authorization: 'Bearer two' });
    expect(requests).toBe(10);
    expect((await lookUp(ids.slice(0, 5), { authorization: 'Bearer one' })).requests).toBe(0);
    const other = { authorization: 'Bearer one', 'x-project': 'another' };
    expect((await lookUp(ids.slice(0, 5), other)).requests).toBe(10);
  });

  it('are looked up again after a while', async () => {
    await test[Symbol.asyncDispose]();
    await start(50);
    const ids = await idsListed();
    await expect.poll(async () => (await lookUp(ids.slice(0, 2))).requests, { timeout: 15_000 }).toBe(4);
  });

  it('are looked up again once the caller has cancelled any, also those that are listed at that time', async () => {
    const ids = await idsListed();
    const cancel = 'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { failures { code } } }';
    await execute(test.gateway, cancel, { ids: ids.slice(0, 1) });
    expect((await lookUp(ids.slice(0, 2))).requests).toBe(4);
    await list();
    expect((await lookUp(ids.slice(0, 2))).requests).toBe(4);
  });

  it('count toward MEMORY_BUDGET, with no more than 8 MiB for a caller', async () => {
    const held = async () => {
      const text = await test.gateway.metrics.registry.metrics();
      return Number(/held_bytes\{kind="operation"\} (\d+)/.exec(text)?.[1]);
    };
    expect(await held()).toBe(0);
    await list();
    expect(await held()).toBeGreaterThan(100_000);
    for (let count = 0; count < 300; count++) {
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      await list();
    }
    expect(await held()).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});

it('A run that has ended and has no duration in the lists of an old server is looked up for it', async () => {
  const [run] = evenRuns(1, 1);
  const listed = { ...run, status: 'completed', stop_reason: 'end_turn', total_duration_ns: null };
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/health/': { version: '0.12.0', status: 'ok' },
    '/v1/runs/': [listed],
    [`/v1/runs/${run?.id}`]: { ...listed, total_duration_ns: 7 },
    [`/v1/runs/${run?.id}/metrics`]: { id: run?.id, run_ns: 5 },
  };
  await using upstream = await serve((request, response) => {
    const answer = answers[(request.url ?? '').split('?')[0] ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowMemoryMs: 60_000 });
  await execute(gateway, '{ runs { nodes { id } } }');
  const answer = await execute(gateway, `{ run(id: "${run?.id}") { totalDurationNs } }`);
  expect(answer).toEqual({ data: { run: { totalDurationNs: 5 } } });
});
