import { describe, expect, it } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { startTestGateway, type TestGatewayOptions } from '../support/test-gateway.ts';

const id = (number: number): string => `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const AGENT = 'agent-00000000-0000-4000-8000-000000000001';
const run = (number: number, fields = {}) => ({
  id: id(number),
  agent_id: AGENT,
  status: 'running' as const,
  created_at: `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`,
  ...fields,
});

async function start(options: TestGatewayOptions = {}) {
  await using starting = new AsyncDisposableStack();
  const test = starting.use(await startTestGateway({ runs: [run(1)], ...options }));
  const listener = starting.use(
    await listen(test.gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 500 }),
  );
  const parts = starting.move();
  return {
    ...test,
    listener,
    url: `${listener.url}/graphql`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const EVENTS =
  'subscription ($after: String) { runEvents(after: $after) { kind runId run { status } cursor } }';

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('a list is watched, and a client that comes back goes on where it left', async () => {
    await using server = await start();
    const events = subscribe(server.url, { query: EVENTS });
    const first = events.next();
    await expect
      .poll(() => server.gateway.metrics.registry.metrics())
      .toContain('runs_gateway_subscriptions 1');
    // The first poll tells what is there; what comes later is told.
    await expect.poll(() => server.upstreamRequests.length).toBeGreaterThanOrEqual(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.store.insert([run(2)]);
    const { value } = await first;
    expect(value).toEqual({
      data: {
        runEvents: { kind: 'ADDED', runId: id(2), run: { status: 'RUNNING' }, cursor: expect.any(String) },
      },
    });
    await events.return?.();
    await expect.poll(() => server.gateway.metrics.registry.metrics()).toContain('runs_gateway_pollers 0');
    server.store.update(id(1), { status: 'completed', stop_reason: 'end_turn' });
    server.store.insert([run(3)]);
    const { cursor } = Object(value?.data?.['runEvents']);
    const again = subscribe(server.url, { query: EVENTS, variables: { after: cursor } });
    const told = [await again.next(), await again.next()].map(
      ({ value: result }) => result?.data?.['runEvents'],
    );
    expect(told).toMatchObject([
      { kind: 'UPDATED', runId: id(1), run: { status: 'COMPLETED' } },
      { kind: 'ADDED', runId: id(3) },
    ]);
    await again.return?.();
  });

  it('a run is watched until it has ended', async () => {
    await using server = await start();
    const query = `subscription { runUpdates(id: "${id(1)}") { status stopReason } }`;
    const states: unknown[] = [];
    for await (const { data } of subscribe(server.url, { query })) {
      states.push(data?.['runUpdates']);
      server.store.update(id(1), { status: 'failed', stop_reason: 'error' });
    }
    expect(states).toEqual([
      { status: 'RUNNING', stopReason: null },
      { status: 'FAILED', stopReason: 'ERROR' },
    ]);
    const missing = subscribe(server.url, { query: query.replace(id(1), id(9)) });
    expect([await missing.next(), await missing.next()]).toMatchObject([
      { value: { data: { runUpdates: null } } },
      { done: true },
    ]);
  });

  it('a cursor that is none, or of other filters, is an error that says so', async () => {
    await using server = await start();
    const failing = async (query: string, variables = {}) => {
      const events = subscribe(server.url, { query, variables });
      const { value } = await events.next().catch((errors: unknown) => ({ value: { errors } }));
      return value?.errors;
    };
    expect(await failing(EVENTS, { after: 'nonsense' })).toMatchObject([
      { extensions: { code: 'INVALID_CURSOR', argument: 'after', requestId: expect.any(String) } },
    ]);
    expect(await failing('subscription { runEvents(agentId: "x") { kind } }')).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'agentId' } },
    ]);
    expect(await failing('subscription { runEvents { nothing } }')).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  it('a gateway that drains ends its streams with a cursor to go on from', async () => {
    await using server = await start();
    const events = subscribe(server.url, { query: EVENTS });
    const next = events.next();
    await expect.poll(() => server.upstreamRequests.length).toBeGreaterThanOrEqual(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.listener[Symbol.asyncDispose]();
    const { value } = await next;
    expect(value?.errors).toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_DRAINED', retryable: true, cursor: expect.any(String) } },
    ]);
  });

  it('no more subscriptions are open than allowed', async () => {
    await using server = await start({ config: { maxSubscriptions: 1 } });
    const events = subscribe(server.url, { query: EVENTS });
    void events.next().catch(() => undefined);
    await expect
      .poll(() => server.gateway.metrics.registry.metrics())
      .toContain('runs_gateway_subscriptions 1');
    const other = subscribe(server.url, { query: EVENTS });
    const { value } = await other.next().catch((errors: unknown) => ({ value: { errors } }));
    expect(value?.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]);
    await events.return?.();
  });

  it('queries are answered too', async () => {
    await using server = await start();
    const answers = subscribe(server.url, { query: `{ run(id: "${id(1)}") { status } }` });
    expect(await answers.next()).toMatchObject({ value: { data: { run: { status: 'RUNNING' } } } });
    expect(await answers.next()).toMatchObject({ done: true });
  });
});
