import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLiveServer } from '../support/live-server.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const QUERY = 'subscription { runEvents { kind runId cursor } }';
const TOKENS = ['first', 'second', 'third'];

it('Nine watchers with three access tokens of one key cause at most 22 requests in 10 s, and all are told', async () => {
  const config = { accessTokens: TOKENS, apiKey: 'upstream-key' };
  await using server = await startLiveServer({ config });
  const subscribe = TRANSPORTS['server-sent events'];
  const watchers = TOKENS.flatMap((token) =>
    [1, 2, 3].map(() =>
      subscribe?.(server.url, { query: QUERY, headers: { authorization: `Bearer ${token}` } }),
    ),
  );
  const told = watchers.map((events) => events?.next());
  await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 9\n');
  await sleep(10_000);
  const { length } = server.upstreamRequests;
  expect(length).toBeGreaterThan(4);
  expect(length).toBeLessThanOrEqual(22);
  expect(await server.metrics()).toContain('runs_gateway_pollers 1\n');
  const id = 'run-00000000-0000-4000-8000-000000000002';
  server.store.insert([{ id, agent_id: 'agent-1', status: 'running', created_at: new Date().toISOString() }]);
  for (const { value } of await Promise.all(
    told.map((one) => one ?? Promise.reject(new Error('no events'))),
  )) {
    expect(value).toMatchObject({ data: { runEvents: { kind: 'ADDED', runId: id } } });
  }
  for (const events of watchers) void events?.return?.();
});
