import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liveRun, liveRunId, startLiveServer } from '../support/live-server.ts';
import { polled } from '../support/polled.ts';
import { openSocket } from '../support/raw-socket.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const EVENTS =
  'subscription ($after: String) { runEvents(after: $after) { kind runId run { status } cursor } }';

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('a list is watched, and a client that comes back goes on where it left', async () => {
    await using server = await startLiveServer();
    const events = subscribe(server.url, { query: EVENTS });
    const first = events.next();
    await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 1');
    // The first poll tells what is there; what comes later is told.
    await polled(server);
    server.store.insert([liveRun(2)]);
    const { value } = await first;
    expect(value).toEqual({
      data: {
        runEvents: {
          kind: 'ADDED',
          runId: liveRunId(2),
          run: { status: 'RUNNING' },
          cursor: expect.any(String),
        },
      },
    });
    await events.return?.();
    await expect.poll(server.metrics).toContain('runs_gateway_pollers 0');
    server.store.update(liveRunId(1), { status: 'completed', stop_reason: 'end_turn' });
    server.store.insert([liveRun(3)]);
    const { cursor } = Object(value?.data?.['runEvents']);
    const again = subscribe(server.url, { query: EVENTS, variables: { after: cursor } });
    const told = [await again.next(), await again.next()].map(
      ({ value: result }) => result?.data?.['runEvents'],
    );
    expect(told).toMatchObject([
      { kind: 'UPDATED', runId: liveRunId(1), run: { status: 'COMPLETED' } },
      { kind: 'ADDED', runId: liveRunId(3) },
    ]);
    await again.return?.();
  });

  it('a run is watched until it has ended', async () => {
    await using server = await startLiveServer();
    const query = `subscription { runUpdates(id: "${liveRunId(1)}") { status stopReason } }`;
    const states: unknown[] = [];
    for await (const { data } of subscribe(server.url, { query })) {
      states.push(data?.['runUpdates']);
      server.store.update(liveRunId(1), { status: 'failed', stop_reason: 'error', total_duration_ns: 7 });
    }
    expect(states).toEqual([
      { status: 'RUNNING', stopReason: null },
      { status: 'FAILED', stopReason: 'ERROR' },
    ]);
    const missing = subscribe(server.url, { query: query.replace(liveRunId(1), liveRunId(9)) });
    expect([await missing.next(), await missing.next()]).toMatchObject([
      { value: { data: { runUpdates: null } } },
      { done: true },
    ]);
  });

  it('a cursor that is none, or of other filters, is an error that says so', async () => {
    await using server = await startLiveServer();
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
    await using server = await startLiveServer();
    const events = subscribe(server.url, { query: EVENTS });
    const next = events.next();
    await polled(server);
    await server.listener[Symbol.asyncDispose]();
    const { value } = await next;
    expect(value?.errors).toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_DRAINED', retryable: true, cursor: expect.any(String) } },
    ]);
  });

  it('no more subscriptions are open than allowed', async () => {
    await using server = await startLiveServer({ config: { maxSubscriptions: 1 } });
    const events = subscribe(server.url, { query: EVENTS });
    void events.next().catch(() => undefined);
    await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 1');
    const other = subscribe(server.url, { query: EVENTS });
    const { value } = await other.next().catch((errors: unknown) => ({ value: { errors } }));
    expect(value?.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]);
    await events.return?.();
  });

  it('queries are answered too', async () => {
    await using server = await startLiveServer();
    const answers = subscribe(server.url, { query: `{ run(id: "${liveRunId(1)}") { status } }` });
    expect(await answers.next()).toMatchObject({ value: { data: { run: { status: 'RUNNING' } } } });
    expect(await answers.next()).toMatchObject({ done: true });
  });
});

describe.each(Object.entries(TRANSPORTS))('By %s', (_name, subscribe) => {
  it('a watcher is told of what it asked for, although another one with the same question disconnects', async () => {
    let held: Promise<void> | undefined;
    let asked = 0;
    await using server = await startLiveServer({
      async rewrite(url) {
        if (!url.pathname.endsWith('/metrics')) return url;
        asked += 1;
        await held;
        return url;
      },
    });
    const query = `subscription { runUpdates(id: "${liveRunId(1)}") { status metrics { stepCount } } }`;
    const [first, second] = [subscribe(server.url, { query }), subscribe(server.url, { query })];
    await Promise.all([first.next(), second.next()]);
    const { promise, resolve: release } = Promise.withResolvers<void>();
    held = promise;
    asked = 0;
    void first.next().catch(() => undefined);
    const told = second.next();
    server.store.update(liveRunId(1), { status: 'completed', stop_reason: 'end_turn' });
    await expect.poll(() => asked).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await first.return?.();
    await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 1');
    release();
    expect((await told).value).toEqual({
      data: { runUpdates: { status: 'COMPLETED', metrics: { stepCount: null } } },
    });
    // The poller asks for the duration of the run, and the event for its metrics.
    expect(asked).toBe(2);
  });

  it('every event is paid for, and whoever can pay no more goes on later where it was', async () => {
    await using server = await startLiveServer({ config: { rateLimit: 15 } });
    const events = subscribe(server.url, { query: EVENTS });
    const first = events.next();
    await polled(server);
    server.store.insert([liveRun(2), liveRun(3), liveRun(4), liveRun(5)]);
    const told = [(await first).value];
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) break;
      told.push(value);
    }
    const refused = told.pop();
    expect(refused?.errors).toMatchObject([
      {
        extensions: {
          code: 'RATE_LIMITED',
          retryAfterSeconds: expect.any(Number),
          cursor: expect.any(String),
        },
      },
    ]);
    expect(told.length).toBeGreaterThan(0);
    expect(refused?.errors?.[0]?.extensions?.['cursor']).toBe(
      Object(told.at(-1)?.data?.['runEvents']).cursor,
    );
  });
});

it('Of trusted documents, subscriptions are executed by id and by text, and no others', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'manifest-'));
  const trusted = `subscription Watch { runUpdates(id: "${liveRunId(9)}") { id } }`;
  const persistedDocuments = join(folder.path, 'manifest.json');
  await writeFile(persistedDocuments, JSON.stringify({ watch: trusted }));
  await using server = await startLiveServer({ config: { persistedDocuments, trustedDocumentsOnly: true } });
  for (const subscribe of Object.values(TRANSPORTS)) {
    const first = await subscribe(server.url, { query: trusted }).next();
    expect(first.value).toEqual({ data: { runUpdates: null } });
    const refused = await subscribe(server.url, { query: trusted.replace('Watch', 'Other') })
      .next()
      .catch((errors: unknown) => ({ value: { errors } }));
    expect(refused.value?.errors).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]);
  }
  await using socket = await openSocket(server.url);
  await socket.next();
  socket.send({ type: 'subscribe', id: '1', payload: { documentId: 'watch' } });
  expect(await socket.next()).toMatchObject({ payload: { data: { runUpdates: null } } });
  const byId = await fetch(`${server.url}?documentId=watch`, { headers: { accept: 'text/event-stream' } });
  expect(await byId.text()).toContain('{"data":{"runUpdates":null}}');
});

it('A client that disconnects while its subscription is opened leaves nothing open', async () => {
  await using server = await startLiveServer();
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ query: EVENTS });
  for (let round = 0; round < 40; round++) {
    const socket = createConnection({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    // Each is a type that the gateway has to find out about first.
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream;q=0.${round + 10}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await new Promise((resolve) =>
      round % 2 === 0 ? setImmediate(resolve) : setTimeout(resolve, round / 8),
    );
    socket.resetAndDestroy();
  }
  await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 0');
});

it('EventSource, which can only GET, gets events; a mutation by GET is refused', async () => {
  await using server = await startLiveServer();
  const get = (query: string) =>
    fetch(`${server.url}?query=${encodeURIComponent(query)}`, { headers: { accept: 'text/event-stream' } });
  const response = await get(`subscription { runUpdates(id: "${liveRunId(9)}") { id } }`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toBe(
    ':\n\nevent: next\ndata: {"data":{"runUpdates":null}}\n\nevent: complete\ndata:\n\n',
  );
  const refused = await get('mutation { cancelRuns(ids: []) { runs { id } } }');
  expect(await refused.text()).toMatch(/METHOD_NOT_ALLOWED|GRAPHQL_VALIDATION_FAILED/);
  const plain = await fetch(
    `${server.url}?query=${encodeURIComponent('subscription{runUpdates(id:"x"){id}}')}`,
  );
  expect([plain.status, await plain.json()]).toMatchObject([
    406,
    { errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] },
  ]);
});

it('By the fetch standard, a reader that cancels ends its subscription', async () => {
  await using server = await startLiveServer();
  const client = new AbortController();
  const response = await server.gateway.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: EVENTS }),
      signal: client.signal,
    }),
  );
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(':\n\n');
  const load = () => server.gateway.metrics.registry.metrics();
  await expect.poll(load).toContain('runs_gateway_subscriptions 1');
  void reader?.read().catch(() => undefined);
  client.abort();
  await expect.poll(load).toContain('runs_gateway_subscriptions 0');
});

it.each([
  // Hive Gateway, urql, Hive Router, and a client that prefers JSON.
  ['text/event-stream', 'text/event-stream', 'text/event-stream'],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'text/event-stream',
    'application/graphql-response+json; charset=utf-8',
  ],
  ['multipart/mixed;subscriptionSpec="1.0", text/event-stream', 'text/event-stream', 'text/event-stream'],
  ['text/event-stream;q=0.5, */*', 'text/event-stream', 'application/json; charset=utf-8'],
  ['text/event-stream;q=0, application/json', undefined, 'application/json; charset=utf-8'],
  ['*/*', undefined, 'application/json; charset=utf-8'],
])('A client that accepts %s gets events as %s, and answers as %s', async (accept, events, answers) => {
  await using server = await startLiveServer();
  const post = (query: string) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    });
  const response = await post(`subscription { runUpdates(id: "${liveRunId(9)}") { id } }`);
  const type = response.headers.get('content-type');
  if (events === undefined) expect([response.status, type]).toEqual([406, 'application/json; charset=utf-8']);
  else expect([response.status, type]).toEqual([200, events]);
  const answer = await post('{ __typename }');
  expect(answer.headers.get('content-type')).toContain(answers);
  expect(await answer.text()).toContain('{"data":{"__typename":"Query"}}');
});
