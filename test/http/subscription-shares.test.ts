import { describe, expect, it } from 'vitest';
import { liveRun, startLiveServer } from '../support/live-server.ts';
import { polled } from '../support/polled.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const RUN = liveRun(1);
const EVENTS = 'subscription { runEvents { kind runId cursor } }';
const UPDATES = `subscription { runUpdates(id: "${RUN.id}") { status } }`;

const as = (name: string) => ({ authorization: `Bearer ${name}` });

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('one caller with every subscription keeps nobody else from a first one', async () => {
    await using server = await startLiveServer({ config: { maxSubscriptions: 3 }, drainTimeoutMs: 4000 });
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
  await using server = await startLiveServer({ config: {}, drainTimeoutMs: 4000 });
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
