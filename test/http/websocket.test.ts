import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { liveRun, startLiveServer } from '../support/live-server.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';

const RUN = liveRun(1);
const WATCH = { query: 'subscription { runEvents { kind runId } }' };
const TYPENAME = { query: '{ __typename }' };

async function start(options: Parameters<typeof startLiveServer>[0] = {}) {
  const server = await startLiveServer({ drainTimeoutMs: 5000, ...options });
  const load = async () =>
    (await server.metrics()).match(/runs_gateway_(?:subscriptions|pollers) \d+/g)?.join(', ');
  return { ...server, load };
}

const NOTHING_OPEN = 'runs_gateway_subscriptions 0, runs_gateway_pollers 0';

describe('An access token', () => {
  const config = { accessTokens: ['right'], apiKey: 'key' };

  it.each([
    ['in the message that opens the connection', { authorization: 'Bearer right' }, {}, true],
    ['there, with a capital letter', { Authorization: 'Bearer right' }, {}, true],
    ['in the header', {}, { authorization: 'Bearer right' }, true],
    [
      'in the header, and null in the message',
      { authorization: null },
      { authorization: 'Bearer right' },
      true,
    ],
    [
      'in the header, and a wrong one in the message',
      { authorization: 'Bearer wrong' },
      { authorization: 'Bearer right' },
      false,
    ],
    ['that is missing', {}, {}, false],
    ['that is wrong', { authorization: 'Bearer wrong' }, {}, false],
    ['that is no text', { authorization: ['Bearer right'] }, {}, false],
  ])('%s', async (_name, init, headers, isRight) => {
    await using server = await start({ config });
    await using socket = await openSocket(server.url, init, headers);
    if (!isRight) return expect(await socket.closed).toBe(4403);
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
    expect(await socket.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  });

  it("that can't be a header isn't taken for none, which would use the gateway's own key", async () => {
    await using server = await start({ config: { apiKey: 'key' } });
    for (const authorization of [42, 'Bearer ключ', 'Bearer a\r\nx: y', {}]) {
      await using socket = await openSocket(server.url, { authorization });
      expect(await socket.closed).toBe(4403);
    }
  });
});

describe('A client', () => {
  it.each([
    [
      'that sends an operation before it has said who it is',
      NO_INIT,
      { type: 'subscribe', id: '1', payload: TYPENAME },
      4401,
    ],
    ['that says twice who it is', {}, { type: 'connection_init' }, 4429],
    ['that sends what is no JSON', {}, 'nonsense', 4400],
    ['that sends a list', {}, '[]', 4400],
    ['that sends null', {}, 'null', 4400],
    ['that sends an unknown message', {}, { type: 'start', id: '1' }, 4400],
    ['that sends an operation without an id', {}, { type: 'subscribe', payload: TYPENAME }, 4400],
    ['that sends an operation without a payload', {}, { type: 'subscribe', id: '1' }, 4400],
    [
      'that sends very deep JSON',
      {},
      `{"type":"ping","payload":{"\\n":${'['.repeat(490_000)}${']'.repeat(490_000)}}}`,
      4400,
    ],
    ['that sends more than a mebibyte', {}, { type: 'ping', payload: { a: 'x'.repeat(1024 * 1024) } }, 1009],
  ])('%s is cut off', async (_name, init, message, code) => {
    await using server = await start();
    await using socket = await openSocket(server.url, init);
    if (init !== NO_INIT) await socket.next();
    socket.send(message);
    expect(await socket.closed).toBe(code);
  });

  it('that sends an operation that is none gets an error with a code, and its others go on', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    const payloads = [
      { query: 1 },
      { query: '{ nothing }' },
      {},
      { query: '{__typename}', surplus: 1 },
      { query: '{__typename}', variables: [] },
    ];
    for (const [index, payload] of payloads.entries())
      socket.send({ type: 'subscribe', id: `${index}`, payload });
    for (const _payload of payloads) {
      expect(await socket.next()).toMatchObject({
        type: 'error',
        payload: [
          {
            extensions: {
              code: expect.stringMatching(/BAD_REQUEST|VALIDATION/),
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
    await using server = await start();
    await using socket = await openSocket(server.url, { 'X-Request-Id': 'mine' });
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    const errors = [{ message: expect.any(String), extensions: { code, requestId: 'mine/1' } }];
    expect(await socket.next()).toMatchObject({
      id: '1',
      type,
      payload: type === 'next' ? { errors } : errors,
    });
    if (type === 'next') expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
  });

  it.each(['two words', 'x'.repeat(129), 5, null])('is given an id in place of %j', async (given) => {
    await using server = await start();
    await using socket = await openSocket(server.url, { 'x-request-id': given });
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{' } });
    const { payload } = await socket.next();
    expect(payload).toMatchObject([{ extensions: { requestId: expect.stringMatching(/^[\da-f-]{36}$/) } }]);
  });

  it.each([
    ['1', 'Subscriber for 1 already exists'],
    ['\u{1F600}'.repeat(24), 'Subscriber already exists'],
  ])(
    'that uses an id again while it is in use is cut off, and nothing stays open: %s',
    async (id, reason) => {
      await using server = await start();
      await using socket = await openSocket(server.url);
      await socket.next();
      socket.send({ type: 'subscribe', id, payload: WATCH });
      socket.send({ type: 'subscribe', id, payload: WATCH });
      expect(await socket.closed).toBe(4409);
      expect(await socket.reason).toBe(reason);
      await expect.poll(server.load).toBe(NOTHING_OPEN);
    },
  );

  it('that uses an id again while its first use is still being opened leaves nothing open', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    // The run is looked up first, so the second one is opened before it.
    const slow = { query: `subscription { runEvents(after: "${RUN.id}") { kind } }` };
    socket.send({ type: 'subscribe', id: '1', payload: slow });
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    await expect.poll(() => server.upstreamRequests.length).toBeGreaterThanOrEqual(3);
    socket.client.terminate();
    await expect.poll(server.load).toBe(NOTHING_OPEN);
  });

  it('that disconnects while its subscription is being opened leaves nothing open', async () => {
    await using server = await start();
    for (let round = 0; round < 10; round++) {
      const socket = await openSocket(server.url);
      await socket.next();
      for (let id = 0; id < 5; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
      setTimeout(() => socket.client.terminate(), round);
      await socket.closed;
    }
    await expect.poll(server.load).toBe(NOTHING_OPEN);
  });

  it('has at most a hundred operations open, whatever it does with their ids', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    for (let id = 0; id < 2000; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
    const errors = [];
    while (errors.length < 1900) {
      errors.push(await socket.next());
      expect(await socket.next()).toEqual({ id: errors.at(-1)?.id, type: 'complete' });
    }
    expect(errors.every(({ type }) => type === 'next')).toBe(true);
    expect(errors[0]).toMatchObject({
      payload: {
        errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: expect.stringMatching(/./) } }],
      },
    });
    expect(await server.load()).toBe('runs_gateway_subscriptions 100, runs_gateway_pollers 1');
    socket.client.terminate();
    await expect.poll(server.load).toBe(NOTHING_OPEN);
  });

  it('that never says who it is is cut off', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url, NO_INIT);
    expect(await socket.closed).toBe(4408);
  });

  it('that asks for very much and reads nothing is not read either', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    socket.client.pause();
    const query = getIntrospectionQuery();
    for (let id = 0; id < 500; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: { query } });
    const answered = async (): Promise<number> => {
      const metrics = await server.gateway.metrics.registry.metrics();
      return Number(/runs_gateway_operation_duration_seconds_count\S* (\d+)/.exec(metrics)?.[1] ?? 0);
    };
    await expect.poll(answered).toBeGreaterThan(5);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await answered()).toBeLessThan(100);
    // It goes on where it was as soon as it reads.
    socket.client.resume();
    await expect.poll(() => socket.inbox.length).toBeGreaterThan(500);
  });

  it('that sends many messages at once lets others get their turn in between', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    let turns = 0;
    for (let id = 0; id < 1000; id++) socket.send({ type: 'ping' });
    // oxlint-disable-next-line no-await-in-loop -- One turn after the other.
    for (; socket.inbox.length < 1000; turns++) await nextTurn();
    expect(turns).toBeGreaterThan(900);
  });

  it('names a document by an id as in a POST', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { documentId: 'sha256:1' } });
    expect(await socket.next()).toMatchObject({
      payload: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
    });
  });
});

describe('A gateway that stops', () => {
  it('waits no longer than its time for a client that answers nothing', async () => {
    await using server = await start({ drainTimeoutMs: 300 });
    await using socket = await openSocket(server.url);
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    await expect.poll(server.load).toContain('subscriptions 1');
    socket.client.pause();
    await server.listener[Symbol.asyncDispose]();
    expect(await server.load()).toBe(NOTHING_OPEN);
  });

  it('closes the connections of clients that have nothing open', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    await Promise.all([once(socket.client, 'close'), server.listener[Symbol.asyncDispose]()]);
    expect(await socket.closed).toBe(1001);
  });

  it('tells subscribers before it closes their connections', async () => {
    await using server = await start();
    await using socket = await openSocket(server.url);
    await socket.next();
    for (let id = 0; id < 50; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
    await expect.poll(server.load).toContain('subscriptions 50');
    await server.listener[Symbol.asyncDispose]();
    const told = [...socket.inbox].filter(
      ({ payload }) => payload?.errors?.[0].extensions.code === 'SUBSCRIPTION_DRAINED',
    );
    expect(told).toHaveLength(50);
  });
});
