import { describe, expect, it } from 'vitest';
import { startCutProxy } from '../support/cut-proxy.ts';
import { openListening } from '../support/open-listening.ts';
import { type Subscribe, TRANSPORTS } from '../support/subscriber.ts';

const idOf = (second: number) => `run-00000000-0000-4000-8000-${String(second).padStart(12, '0')}`;
/** A run that is running, the later the higher its number. */
const runAt = (second: number) => ({
  id: idOf(second),
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running' as const,
  created_at: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
});
/** Behind it, subscriptions begin. */
const RUN = { ...runAt(0), status: 'completed' as const };
const EVENTS = `subscription ($after: String = "${RUN.id}") { runEvents(after: $after) { kind runId run { status } cursor } }`;
const open = (config = {}) => openListening({ runs: [RUN], config });
const untilEnd = async (events: ReturnType<Subscribe>) => {
  const { value } = await events.next().catch((errors: unknown) => ({ value: { errors } }));
  return value?.errors;
};

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('a list is watched, and a client that comes back goes on where it was', async () => {
    await using server = await open();
    const url = `${server.url}/graphql`;
    const events = subscribe(url, { query: EVENTS });
    const first = events.next();
    server.store.insert([runAt(1)]);
    const { value } = await first;
    const cursor = expect.any(String);
    expect(value).toEqual({
      data: { runEvents: { kind: 'ADDED', runId: idOf(1), run: { status: 'RUNNING' }, cursor } },
    });
    await events.return?.();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    server.store.update(idOf(1), { status: 'completed', stop_reason: 'end_turn' });
    server.store.insert([runAt(2)]);
    const after = Object(value?.data?.['runEvents']).cursor;
    const again = subscribe(url, { query: EVENTS, variables: { after } });
    expect([await again.next(), await again.next()]).toMatchObject([
      { value: { data: { runEvents: { kind: 'UPDATED', runId: idOf(1), run: { status: 'COMPLETED' } } } } },
      { value: { data: { runEvents: { kind: 'ADDED', runId: idOf(2) } } } },
    ]);
    await again.return?.();
  });

  it('nothing is lost and nothing comes twice, although the connection is cut again and again', async () => {
    await using server = await open();
    await using network = await startCutProxy(Number(new URL(server.url).port));
    const url = `http://127.0.0.1:${network.port}/graphql`;
    const received: string[] = [];
    let after = RUN.id;
    for (let second = 1; second <= 40; second += 5) {
      network.restore();
      const events = subscribe(url, { query: EVENTS, variables: { after } });
      const coming = Array.from({ length: 5 }, (_, index) => runAt(second + index));
      server.store.insert(coming.slice(0, 2));
      server.store.update(idOf(second), { status: 'completed', stop_reason: 'end_turn' });
      // It is cut behind a random one of them; what comes meanwhile is told on the next connection.
      for (let count = 0; count < 1 + (second % 2); count++) {
        const event = Object((await events.next()).value?.data?.['runEvents']);
        received.push(`${event.runId} ${event.run.status}`);
        after = event.cursor;
      }
      network.cut();
      await events.next().catch(() => undefined);
      server.store.insert(coming.slice(2));
    }
    network.restore();
    server.store.insert([runAt(50)]);
    const events = subscribe(url, { query: EVENTS, variables: { after } });
    while (!received.at(-1)?.startsWith(idOf(50))) {
      const event = Object((await events.next()).value?.data?.['runEvents']);
      received.push(`${event.runId} ${event.run.status}`);
    }
    await events.return?.();
    expect(new Set(received).size).toBe(received.length);
    const last = new Map(received.map((text) => text.split(' ') as [string, string]));
    const ended = (second: number) => second % 5 === 1 && second <= 40;
    const seconds = [...Array.from({ length: 40 }, (_, index) => index + 1), 50];
    expect(last).toEqual(new Map(seconds.map((s) => [idOf(s), ended(s) ? 'COMPLETED' : 'RUNNING'])));
  });

  it('a run is watched until it has ended', async () => {
    await using server = await open();
    server.store.insert([runAt(1)]);
    const query = `subscription { runUpdates(id: "${idOf(1)}") { status stopReason } }`;
    const states: unknown[] = [];
    for await (const { data } of subscribe(`${server.url}/graphql`, { query })) {
      states.push(data?.['runUpdates']);
      server.store.update(idOf(1), { status: 'failed', stop_reason: 'error', total_duration_ns: 7 });
    }
    expect(states).toEqual([
      { status: 'RUNNING', stopReason: null },
      { status: 'FAILED', stopReason: 'ERROR' },
    ]);
  });

  it('what fails is an error with a code and the id of its request', async () => {
    await using server = await open({ maxSubscriptions: 1 });
    const url = `${server.url}/graphql`;
    for (const [query, extensions] of [
      [
        'subscription { runEvents(after: "nonsense") { kind } }',
        { code: 'INVALID_CURSOR', argument: 'after' },
      ],
      ['subscription { runEvents(agentId: "x") { kind } }', { code: 'BAD_USER_INPUT', argument: 'agentId' }],
      ['subscription { runEvents { nothing } }', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ] as const) {
      expect(await untilEnd(subscribe(url, { query }))).toMatchObject([
        { extensions: { ...extensions, requestId: expect.any(String) } },
      ]);
    }
    const events = subscribe(url, { query: EVENTS });
    void events.next().catch(() => undefined);
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    expect(await untilEnd(subscribe(url, { query: EVENTS }))).toMatchObject([
      { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: expect.any(String) } },
    ]);
    await events.return?.();
  });
});

const OVER = `subscription { runUpdates(id: "${idOf(9)}") { id } }`;

it.each([
  // Hive Gateway, urql, Hive Router, and clients that prefer JSON.
  ['text/event-stream', 'text/event-stream', 'text/event-stream'],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'text/event-stream',
    'application/graphql-response+json; charset=utf-8',
  ],
  ['multipart/mixed;subscriptionSpec="1.0", text/event-stream', 'text/event-stream', 'multipart/mixed'],
  ['text/event-stream;q=0.5, */*', 'text/event-stream', 'application/json; charset=utf-8'],
])('A client that accepts %s gets events as %s, and answers as %s', async (accept, events, answers) => {
  await using server = await open();
  const headers = { 'content-type': 'application/json', accept };
  const post = (query: string) =>
    fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const stream = await post(OVER);
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, events]);
  const answer = await post('{ __typename }');
  expect(answer.headers.get('content-type')).toContain(answers);
  expect(await answer.text()).toContain('{"data":{"__typename":"Query"}}');
});
