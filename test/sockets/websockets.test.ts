import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openListening } from '../support/open-listening.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'completed' as const,
  created_at: '2026-01-01T00:00:00Z',
};
const WATCH = { query: 'subscription { runEvents { kind runId } }' };
const TYPENAME = { query: '{ __typename }' };

/** A gateway, and a connection to it on which the client has said who it is unless `init` stands for nothing. */
async function connected(
  options: Parameters<typeof openListening>[0] = {},
  init: unknown = {},
  headers = {},
) {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await openListening(options));
  const url = `${server.url}/graphql`;
  const socket = opening.use(await openSocket(url, init, headers));
  const parts = opening.move();
  return { ...server, socket, webSocketUrl: url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe("By graphql-ws' own client", () => {
  it('queries, mutations and errors are results', async () => {
    await using server = await openListening({ runs: [RUN] });
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const resultOf = async (query: string) => (await client.iterate({ query }).next()).value;
    expect(await resultOf(`{ run(id: "${RUN.id}") { status } }`)).toEqual({
      data: { run: { status: 'COMPLETED' } },
    });
    expect(await resultOf('mutation { cancelRuns(ids: []) { runs { id } } }')).toEqual({
      data: { cancelRuns: { runs: [] } },
    });
    expect(await resultOf('{ runs(first: -1) { nodes { id } } }')).toMatchObject({
      data: { runs: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }],
    });
    await expect(resultOf('{ nothing }')).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) } },
    ]);
    await client.dispose();
  });
});

describe('An access token', () => {
  const config = { accessTokens: ['right'], apiKey: 'key' };
  const right = { authorization: 'Bearer right' };

  it.each([
    ['in the message that opens the connection', right, {}, true],
    ['there, with a capital letter', { Authorization: 'Bearer right' }, {}, true],
    ['in the header', {}, right, true],
    ['in the header, and null in the message', { authorization: null }, right, true],
    ['in the header, and a wrong one in the message', { authorization: 'Bearer wrong' }, right, false],
    ['that is missing', {}, {}, false],
    ['that is wrong', { authorization: 'Bearer wrong' }, {}, false],
    ['that is no text', { authorization: ['Bearer right'] }, {}, false],
  ])('%s', async (_name, init, headers, isRight) => {
    await using server = await connected({ config }, init, headers);
    if (isRight) expect(await server.socket.next()).toMatchObject({ type: 'connection_ack' });
    else expect(await server.socket.closed).toBe(4403);
  });

  it("that can't be a header isn't taken for none, which would use the gateway's own key", async () => {
    await using server = await openListening({ config: { apiKey: 'key' } });
    for (const authorization of [42, 'Bearer ключ', 'Bearer a\r\nx: y', {}]) {
      await using socket = await openSocket(`${server.url}/graphql`, { authorization });
      expect(await socket.closed).toBe(4403);
    }
  });
});

/** Stops the timers of the gateway; to be disposed of before the gateway is, which waits for some. */
function stopTimers(): Disposable {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return { [Symbol.dispose]: () => void vi.useRealTimers() };
}

describe('A client is cut off', () => {
  const deep = `{"type":"ping","payload":{"\\n":${'['.repeat(490_000)}${']'.repeat(490_000)}}}`;

  it.each([
    [
      'an operation before it has said who it is',
      NO_INIT,
      { type: 'subscribe', id: '1', payload: TYPENAME },
      4401,
    ],
    ['twice who it is', {}, { type: 'connection_init' }, 4429],
    ['what is no JSON', {}, 'nonsense', 4400],
    ['a list', {}, '[]', 4400],
    ['null', {}, 'null', 4400],
    ['an unknown message', {}, { type: 'start', id: '1' }, 4400],
    ['an operation without an id', {}, { type: 'subscribe', payload: TYPENAME }, 4400],
    [
      'an operation with a very long id',
      {},
      { type: 'subscribe', id: 'x'.repeat(257), payload: TYPENAME },
      4400,
    ],
    ['an operation without a payload', {}, { type: 'subscribe', id: '1' }, 4400],
    ['very deep JSON', {}, deep, 4400],
    ['more than a mebibyte', {}, { type: 'ping', payload: { a: 'x'.repeat(1024 * 1024) } }, 1009],
  ])('that sends %s', async (_what, init, message, code) => {
    await using server = await connected({}, init);
    if (init !== NO_INIT) await server.socket.next();
    server.socket.send(message);
    expect(await server.socket.closed).toBe(code);
  });

  it.each([
    ['1', 'Subscriber for 1 already exists'],
    ['\u{1F600}'.repeat(24), 'Subscriber already exists'],
  ])('that uses an id again while it is in use: %s', async (id, reason) => {
    await using server = await connected();
    for (let count = 0; count < 2; count++) server.socket.send({ type: 'subscribe', id, payload: WATCH });
    expect(await server.socket.closed).toBe(4409);
    expect(await server.socket.reason).toBe(reason);
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });

  it('that never says who it is', async () => {
    await using server = await openListening();
    using _timers = stopTimers();
    await using socket = await openSocket(`${server.url}/graphql`, NO_INIT);
    vi.advanceTimersByTime(5_000);
    expect(await socket.closed).toBe(4408);
  });

  it('whose message never ends, although it goes on sending; one that takes half as long is read', async () => {
    await using server = await openListening();
    using _timers = stopTimers();
    await using socket = await openSocket(`${server.url}/graphql`);
    await socket.next();
    const { client } = socket;
    /** Sends a part, and waits until it has been read. */
    const send = async (part: string): Promise<void> => {
      client.send(part, { fin: false });
      client.ping();
      await once(client, 'pong');
    };
    await send('{"type":');
    vi.advanceTimersByTime(15_000);
    await send('"ping"');
    client.send('}');
    expect(await socket.next()).toEqual({ type: 'pong' });
    for (let second = 0; second < 29; second++) {
      await send(' ');
      vi.advanceTimersByTime(1_000);
    }
    await send(' ');
    // Until it is late, and then until it has had time to say so.
    for (let second = 0; second < 9; second++) vi.advanceTimersByTime(1_000);
    expect(await socket.closed).toBe(4408);
  });
});

describe('A client', () => {
  it('that sends an operation that is none gets an error with a code, and its others go on', async () => {
    await using server = await connected();
    const { socket } = server;
    await socket.next();
    const payloads = [
      { query: 1 },
      {},
      { query: '{__typename}', surplus: 1 },
      { query: '{__typename}', variables: [] },
      { documentId: 'sha256:1' },
    ];
    for (const [id, payload] of payloads.entries()) socket.send({ type: 'subscribe', id: `${id}`, payload });
    for (const _payload of payloads) {
      expect(await socket.next()).toMatchObject({
        type: 'error',
        payload: [
          {
            extensions: {
              code: expect.stringMatching(/^(?:BAD_REQUEST|PERSISTED_QUERY_NOT_SUPPORTED)$/),
              requestId: expect.stringMatching(/./),
            },
          },
        ],
      });
    }
    socket.send({ type: 'subscribe', id: 'good', payload: TYPENAME });
    expect(await socket.next()).toMatchObject({ id: 'good', payload: { data: { __typename: 'Query' } } });
  });

  it.each([
    ['GRAPHQL_PARSE_FAILED', 'subscription {', 'error'],
    ['GRAPHQL_VALIDATION_FAILED', 'subscription { runEvents { nothing } }', 'error'],
    ['INVALID_CURSOR', 'subscription { runEvents(after: "nonsense") { kind } }', 'next'],
    ['BAD_USER_INPUT', 'subscription { runEvents(agentId: "x") { kind } }', 'next'],
    ['BAD_USER_INPUT', 'subscription ($id: ID!) { runUpdates(id: $id) { id } }', 'next'],
    ['COST_LIMIT_EXCEEDED', '{ runs(first: 1000) { nodes { steps(first: 100) { nodes { id } } } } }', 'next'],
  ])('gets %s of %s as `%s`, and its request id with it', async (code, query, type) => {
    await using server = await connected({}, { 'X-Request-Id': 'mine' });
    const { socket } = server;
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    const errors = [{ message: expect.any(String), extensions: { code, requestId: 'mine/1' } }];
    expect(await socket.next()).toMatchObject({
      id: '1',
      type,
      payload: type === 'next' ? { errors } : errors,
    });
    if (type === 'next') expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
  });

  it.each(['two words', 'x'.repeat(129), 5, null])('is given a request id in place of %j', async (given) => {
    await using server = await connected({}, { 'x-request-id': given });
    await server.socket.next();
    server.socket.send({ type: 'subscribe', id: '1', payload: { query: '{' } });
    const { payload } = await server.socket.next();
    expect(payload).toMatchObject([{ extensions: { requestId: expect.stringMatching(/^[\da-f-]{36}$/) } }]);
  });

  it('may use the id of an operation again that it has just completed, and gets the new answer', async () => {
    await using server = await connected();
    const { socket } = server;
    await socket.next();
    for (let round = 0; round < 20; round++) {
      socket.send({ type: 'subscribe', id: '1', payload: WATCH });
      // At different states of its opening; at once is in the same part that the gateway reads.
      for (let turn = 0; turn < round % 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      socket.send({ type: 'complete', id: '1' });
      socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
      expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
      expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    }
    expect(socket.inbox).toEqual([]);
  });

  it('has at most a hundred operations open', async () => {
    await using server = await connected();
    const { socket } = server;
    await socket.next();
    for (let id = 0; id < 500; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
    for (let count = 0; count < 400; count++) {
      const { id, payload } = await socket.next();
      expect(payload).toMatchObject({
        errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: expect.any(String) } }],
      });
      expect(await socket.next()).toEqual({ id, type: 'complete' });
    }
    expect(await server.metric('subscriptions')).toBe(100);
    socket.client.terminate();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });

  it('has at most MAX_CONNECTIONS_PER_CALLER WebSockets, and another one as many', async () => {
    await using server = await openListening({ config: { maxConnectionsPerCaller: 3 } });
    const open = (name: string) => openSocket(`${server.url}/graphql`, { authorization: `Bearer ${name}` });
    const sockets = await Promise.all(['one', 'one', 'one'].map(open));
    for (const socket of sockets) expect((await socket.next()).type).toBe('connection_ack');
    await using further = await open('one');
    // Clients try that again later.
    expect(await further.closed).toBe(1013);
    await using other = await open('other');
    expect((await other.next()).type).toBe('connection_ack');
    for (const socket of sockets) await socket[Symbol.asyncDispose]();
    await using again = await open('one');
    expect((await again.next()).type).toBe('connection_ack');
  });
});

it('An answer is that of a POST, byte by byte, however large it is', async () => {
  const rows = [1, 2, 3].map(
    (n) =>
      `{"id":"${RUN.id.replace(/1$/, `${9 - n}`)}","agent_id":"${RUN.agent_id}","status":"running","created_at":"2026-01-01T00:00:0${9 - n}Z",` +
      `"metadata":{"big":12345678901234567890,"text":"\\"\\\\\u2028${'ü'.repeat(n * 100_000)}"}}`,
  );
  await using server = await connected({ script: () => ({ body: `[${rows.join()}]` }) });
  const query = '{ runs(first: 5) { nodes { id metadata } } broken: run(id: "x") { id } }';
  const headers = { 'content-type': 'application/json' };
  const posted = await (
    await fetch(server.webSocketUrl, { method: 'POST', headers, body: JSON.stringify({ query }) })
  ).text();
  await server.socket.next();
  server.socket.send({ type: 'subscribe', id: '1', payload: { query } });
  const [sent] = await once(server.socket.client, 'message');
  const withoutIds = (text: string) => text.replaceAll(/"requestId":"[^"]+"/g, '');
  expect(withoutIds(String(sent))).toBe(withoutIds(`{"id":"1","type":"next","payload":${posted}}`));
  expect(posted.length).toBeGreaterThan(600_000);
});

it('A client that completes an operation before its answer, or disconnects, ends its upstream request', async () => {
  await using server = await connected({ script: () => HANGS });
  const { socket, upstream } = server;
  await socket.next();
  for (const [index, leave] of [
    () => socket.send({ type: 'complete', id: '0' }),
    () => socket.client.terminate(),
  ].entries()) {
    const query = `{ runs(first: ${index + 1}) { nodes { id } } }`;
    socket.send({ type: 'subscribe', id: `${index}`, payload: { query } });
    await expect.poll(() => upstream.requests.length).toBe(index + 1);
    leave();
    await expect.poll(() => upstream.requests[index]?.signal.aborted).toBe(true);
  }
  expect(socket.inbox).toEqual([]);
});
