import { describe, expect, it } from 'vitest';
import { listen } from '../../src/http/server/listen.ts';
import { polled } from '../support/polled.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { startTestGateway, type TestGatewayOptions } from '../support/test-gateway.ts';

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running' as const,
  created_at: '2026-01-01T00:00:00Z',
};
const EVENTS = 'subscription { runEvents { kind runId cursor } }';
const UPDATES = `subscription { runUpdates(id: "${RUN.id}") { status } }`;

async function start(config: TestGatewayOptions['config'], drainTimeoutMs = 4000) {
  await using starting = new AsyncDisposableStack();
  const test = starting.use(await startTestGateway({ runs: [RUN], ...(config && { config }) }));
  const listener = starting.use(await listen(test.gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs }));
  const parts = starting.move();
  return {
    ...test,
    listener,
    url: `${listener.url}/graphql`,
    metrics: () => test.gateway.metrics.registry.metrics(),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const as = (name: string) => ({ authorization: `Bearer ${name}` });

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('one caller with every subscription keeps nobody else from a first one', async () => {
    await using server = await start({ maxSubscriptions: 3 });
    const greedy = Array.from({ length: 3 }, () =>
      subscribe(server.url, { query: EVENTS, headers: as('greedy') }),
    );
    const ends = greedy.map((events) => events.next());
    await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 3\n');
    await polled(server);
    const modest = subscribe(server.url, { query: UPDATES, headers: as('modest') });
    expect(await modest.next()).toMatchObject({ value: { data: { runUpdates: { status: 'RUNNING' } } } });
    const ended = await Promise.race(ends);
    expect(ended.value?.errors).toMatchObject([
      {
        message: expect.stringContaining('MAX_SUBSCRIPTIONS'),
        extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', retryable: true, cursor: expect.any(String) },
      },
    ]);
    expect(await server.metrics()).toContain('runs_gateway_subscriptions 3\n');
    for (const events of [...greedy, modest]) void events.return?.();
  });
});

it('While draining, subscriptions are refused before they begin, and queries are answered', async () => {
  await using server = await start({});
  const { gateway, url } = server;
  const ends = Array.from({ length: 20 }, async () =>
    TRANSPORTS['server-sent events']?.(url, { query: EVENTS }).next(),
  );
  await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 20\n');
  await polled(server);
  expect(gateway.isDraining).toBe(false);
  gateway.startDraining(2000);
  expect(gateway.isDraining).toBe(true);
  const get = new URL(url);
  get.searchParams.set('query', EVENTS);
  const json = { 'content-type': 'application/json' };
  for (const accept of ['text/event-stream', 'multipart/mixed, text/event-stream']) {
    for (const [address, init] of [
      [get, {}],
      [url, { method: 'POST', body: JSON.stringify({ query: EVENTS }) }],
    ] as const) {
      const response = await fetch(address, { ...init, headers: { ...json, accept } });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'SUBSCRIPTION_DRAINED', retryable: true } }],
      });
    }
  }
  const query = JSON.stringify({ query: `{ run(id: "${RUN.id}") { status } }` });
  const answer = await fetch(url, { method: 'POST', headers: json, body: query });
  expect(await answer.json()).toEqual({ data: { run: { status: 'RUNNING' } } });
  for (const end of await Promise.all(ends)) {
    expect(end?.value?.errors).toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_DRAINED', cursor: expect.any(String) } },
    ]);
  }
});
