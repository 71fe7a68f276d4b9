import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { polled } from '../support/polled.ts';
import { startProgram } from '../support/program.ts';
import { connectTo } from '../support/raw-request.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const run = (number: number) => ({
  id: `run-00000000-0000-4000-8000-00000000000${number}`,
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running' as const,
  created_at: `2026-01-01T00:00:0${number}Z`,
});
const EVENTS = 'subscription ($after: String) { runEvents(after: $after) { kind runId cursor } }';

async function startUpstream() {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert([run(1)]);
  const api = starting.use(await startRunsApi({ store }));
  const proxy = starting.use(await startRecordingProxy(api.baseUrl));
  const parts = starting.move();
  return {
    store,
    baseUrl: proxy.baseUrl,
    upstreamRequests: proxy.requests,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

describe('A program told to stop', () => {
  it('ends its streams with a cursor, by which another replica goes on', async () => {
    await using upstream = await startUpstream();
    const env = { LETTA_BASE_URL: upstream.baseUrl, DRAIN_TIMEOUT_MS: '5000' };
    await using first = startProgram(['--port', '0'], env);
    await using second = startProgram(['--port', '0'], env);
    const url = `${await first.url}/graphql`;
    const watched = Object.values(TRANSPORTS).map((subscribe) => {
      const events = subscribe(url, { query: EVENTS });
      return { subscribe, next: events.next() };
    });
    await expect
      .poll(async () => (await fetch(`${await first.url}/metrics`)).text())
      .toContain('runs_gateway_subscriptions 2');
    // Both have begun, also if one came while the first poll was under way.
    await polled(upstream);
    const start = performance.now();
    first.process.kill('SIGTERM');
    const cursors = await Promise.all(
      watched.map(async ({ next }) => {
        const { value } = await next;
        expect(value?.errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_DRAINED' } }]);
        return value?.errors?.[0]?.extensions?.['cursor'];
      }),
    );
    expect((await first.ended).code).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
    // While nobody watches.
    upstream.store.update(run(1).id, { status: 'failed', stop_reason: 'error' });
    upstream.store.insert([run(2)]);
    for (const [index, { subscribe }] of watched.entries()) {
      const again = subscribe(`${await second.url}/graphql`, {
        query: EVENTS,
        variables: { after: cursors[index] },
      });
      expect([await again.next(), await again.next()]).toMatchObject([
        { value: { data: { runEvents: { kind: 'UPDATED', runId: run(1).id } } } },
        { value: { data: { runEvents: { kind: 'ADDED', runId: run(2).id } } } },
      ]);
      await again.return?.();
    }
  });

  it('ends in time although clients neither read nor answer, and half-open ones send on', async () => {
    await using upstream = await startUpstream();
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: upstream.baseUrl,
      DRAIN_TIMEOUT_MS: '300',
    });
    const url = await program.url;
    await using deaf = await openSocket(`${url}/graphql`);
    await deaf.next();
    deaf.send({ type: 'subscribe', id: '1', payload: { query: EVENTS } });
    await using silent = await openSocket(`${url}/graphql`, NO_INIT);
    const half = await connectTo(url);
    half.on('error', () => undefined);
    half.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    const stream = await connectTo(url);
    stream.on('error', () => undefined);
    stream.write(
      `GET /graphql?query=${encodeURIComponent(EVENTS)} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`,
    );
    await once(stream, 'data');
    for (const socket of [stream, half]) socket.pause();
    for (const { client } of [deaf, silent]) client.pause();
    const start = performance.now();
    program.process.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
    for (const { client } of [deaf, silent]) client.resume();
    for (const socket of [stream, half]) socket.destroy();
  });
});

it('A listener whose host has nothing to drain ends all the same', async () => {
  await using upstream = await startUpstream();
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const { listener: handler, upgrade, host, maxConnections } = gateway;
  const listener = await listen(
    { listener: handler, upgrade, host, port: 0, maxConnections, drainTimeoutMs: 200 },
    { host: '127.0.0.1' },
  );
  await using socket = await openSocket(`${listener.url}/graphql`);
  await socket.next();
  socket.send({ type: 'subscribe', id: '1', payload: { query: EVENTS } });
  await expect.poll(() => gateway.metrics.registry.metrics()).toContain('runs_gateway_subscriptions 1');
  await listener[Symbol.asyncDispose]();
  await expect.poll(() => gateway.metrics.registry.metrics()).toContain('runs_gateway_subscriptions 0');
});

it('A gateway that is disposed of ends its subscriptions', async () => {
  await using upstream = await startUpstream();
  const gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const response = await gateway.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: EVENTS }),
    }),
  );
  const text = response.text();
  await expect.poll(() => gateway.metrics.registry.metrics()).toContain('runs_gateway_subscriptions 1');
  await gateway[Symbol.asyncDispose]();
  expect(await text).toContain('SUBSCRIPTION_DRAINED');
});
