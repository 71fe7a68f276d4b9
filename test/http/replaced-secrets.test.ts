import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Config } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { startListening } from '../support/listening-gateway.ts';
import { startOwnersUpstream } from '../support/owners-upstream.ts';
import { openSocket } from '../support/raw-socket.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const TOKENS = { accessTokens: ['alice:a1', 'alice:a2', 'bob:b'], apiKey: 'key-1' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const runId = (number: number): string => `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const EVENTS = 'subscription ($after: String) { runEvents(after: $after) { kind runId cursor } }';
/** Behind the run that both have. */
const SUBSCRIPTION = { query: EVENTS, variables: { after: runId(0) } };
const BODY = JSON.stringify({ query: '{ runs { nodes { id } } }' });
const JSON_TYPE = { 'content-type': 'application/json' };

const AGENT = 'agent-00000000-0000-4000-8000-000000000001';

/** A gateway over an upstream that has another run for each key: the first for the first one, and so on. */
async function start(options: Partial<Config>) {
  await using starting = new AsyncDisposableStack();
  const owners = ['key-1', 'key-2'].map(bearer);
  const upstream = starting.use(await startOwnersUpstream(['authorization'], owners));
  for (const [index, store] of upstream.stores.entries()) {
    for (const [number, ago] of [
      [0, 60_000],
      [index + 1, 30_000],
    ] as const) {
      const status = number === 0 ? 'completed' : 'running';
      const createdAt = new Date(Date.now() - ago).toISOString();
      store.insert([{ id: runId(number), agent_id: AGENT, status, created_at: createdAt }]);
    }
  }
  const server = starting.use(await startListening({ upstreamUrl: upstream.baseUrl, ...options }));
  const url = `${server.url}/graphql`;
  const parts = starting.move();
  const ask = async (token: string, body = BODY) => {
    const headers = { ...JSON_TYPE, ...bearer(token) };
    const response = await fetch(url, { method: 'POST', headers, body });
    return `${response.status} ${await response.text()}`;
  };
  return { ...server, url, ask, upstream, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Subscribes, and collects what comes until it ends: results, and why it failed. */
function watch(url: string, way: string, token: string) {
  const received: unknown[] = [];
  const ended = (async () => {
    try {
      for await (const event of TRANSPORTS[way]?.(url, { ...SUBSCRIPTION, headers: bearer(token) }) ?? []) {
        received.push(event);
      }
    } catch (error) {
      received.push(error instanceof Error ? error.message : { ...Object(error), code: Object(error).code });
    }
    return received;
  })();
  return { received, ended };
}

describe('A token that is removed', () => {
  it('is refused at once, and what goes on with it ends, but nothing of others', async () => {
    await using server = await start(TOKENS);
    const { gateway, url, ask } = server;
    const ways = Object.keys(TRANSPORTS);
    const leaving = ways.map((way) => watch(url, way, 'a1'));
    const staying = ways.flatMap((way) => ['a2', 'b'].map((token) => watch(url, way, token)));
    await using idle = await openSocket(url, bearer('a1'));
    await idle.next();
    const begun = () => [...leaving, ...staying].every(({ received }) => received.length > 0);
    await expect.poll(begun, { timeout: 20_000 }).toBe(true);

    gateway.replaceSecrets({ accessTokens: ['alice:a2', 'bob:b', 'carol:c'] });
    expect(await ask('a1')).toMatch(/^401 .*UNAUTHENTICATED/);
    for (const token of ['a2', 'b', 'c']) expect(await ask(token)).toContain(`200 {"data":{"runs"`);
    const [events, socket] = await Promise.all(leaving.map(({ ended }) => ended));
    expect(events?.at(-1)).toMatchObject({
      errors: [
        {
          message: 'The access token, or the secret of the router, is no longer valid.',
          extensions: { code: 'UNAUTHENTICATED', retryable: false },
        },
      ],
    });
    // The client of graphql-ws doesn't connect again after this code.
    expect(JSON.stringify(socket)).toMatch(/UNAUTHENTICATED|4401/);
    expect(await idle.closed).toBe(4401);
    const before = staying.map(({ received }) => received.length);
    server.upstream.stores[0]?.update(runId(1), { status: 'completed', stop_reason: 'end_turn' });
    const isTold = () => staying.every(({ received }, index) => received.length > (before[index] ?? 0));
    await expect.poll(isTold, { timeout: 20_000 }).toBe(true);
    gateway.startDraining(0);
    await Promise.all(staying.map(({ ended }) => ended));
  });

  it('is refused when the body of its request comes in afterwards', async () => {
    await using server = await start(TOKENS);
    const request = httpRequest(server.url, { method: 'POST', headers: { ...JSON_TYPE, ...bearer('a1') } });
    request.write(BODY.slice(0, 5));
    await expect
      .poll(() => server.gateway.metrics.registry.metrics())
      .toMatch(/held_bytes{kind="input"} [1-9]/);
    server.gateway.replaceSecrets({ accessTokens: ['bob:b'] });
    request.end(BODY.slice(5));
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(401);
    expect(await text(response)).toContain('UNAUTHENTICATED');
  });

  it('is for reading only from the next operation on, if it is listed there', async () => {
    await using server = await start(TOKENS);
    await using socket = await openSocket(server.url, bearer('b'));
    await socket.next();
    const cancel = { query: `mutation { cancelRuns(ids: ["${runId(9)}"]) { runs { id } } }` };
    socket.send({ type: 'subscribe', id: '1', payload: cancel });
    expect(JSON.stringify(await socket.next())).not.toContain('FORBIDDEN');
    await socket.next();
    server.gateway.replaceSecrets({ accessTokens: ['alice:a1'], readOnlyAccessTokens: ['bob:b'] });
    socket.send({ type: 'subscribe', id: '2', payload: cancel });
    expect(JSON.stringify(await socket.next())).toContain('FORBIDDEN');
  });
});

describe('An API key that is replaced', () => {
  it('is used from the next request on, and streams go on from where they were', async () => {
    await using server = await start(TOKENS);
    const { gateway, url, ask } = server;
    const stream = watch(url, 'server-sent events', 'b');
    await using socket = await openSocket(url, bearer('b'));
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: SUBSCRIPTION });
    expect(JSON.stringify(await socket.next())).toContain(runId(1));
    await expect.poll(() => stream.received.length, { timeout: 20_000 }).toBe(1);

    gateway.replaceSecrets({ apiKey: 'key-2' });
    const answer = await ask('b');
    expect(answer).toContain(runId(2));
    expect(answer).not.toContain(runId(1));
    const drained = {
      errors: [
        {
          message:
            'The gateway was given other credentials. Subscribe again, with `after` if there is a cursor.',
          extensions: { code: 'SUBSCRIPTION_DRAINED', retryable: true, cursor: expect.any(String) },
        },
      ],
    };
    expect((await stream.ended).at(-1)).toMatchObject(drained);
    const ended = Object(await socket.next());
    expect(ended).toMatchObject({ id: '1', payload: drained });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    // On the same connection, and with the new key.
    const after = ended.payload.errors[0].extensions.cursor;
    socket.send({ type: 'subscribe', id: '2', payload: { query: EVENTS, variables: { after } } });
    const told = [await socket.next(), await socket.next()].map((message) => JSON.stringify(message));
    expect(told.toSorted().join()).toMatch(new RegExp(`ADDED.*${runId(2)}.*REMOVED.*${runId(1)}`));
  });

  it('is used for those who need no token, and nothing changes for those who send their own', async () => {
    await using server = await start({ apiKey: 'key-1' });
    const ask = async (headers: Record<string, string>) =>
      (await fetch(server.url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: BODY })).text();
    const own = watch(server.url, 'server-sent events', 'key-2');
    await expect.poll(() => own.received.length, { timeout: 20_000 }).toBe(1);
    expect(await ask({})).toContain(runId(1));
    server.gateway.replaceSecrets({ apiKey: 'key-2' });
    expect(await ask({})).toContain(runId(2));
    expect(await ask(bearer('key-1'))).toContain(runId(1));
    server.upstream.stores[1]?.update(runId(2), { status: 'completed', stop_reason: 'end_turn' });
    await expect.poll(() => own.received.length, { timeout: 20_000 }).toBe(2);
    server.gateway.startDraining(0);
    expect(JSON.stringify((await own.ended).at(-1))).toContain('The gateway is stopping');
  });

  it('is kept out of the log like the one before', async () => {
    const secrets = ['key-of-before', 'key-of-now-1', 'token-of-before', 'token-of-now-1'];
    await using upstream = await startRawUpstream(
      answerWith(418, JSON.stringify({ detail: secrets.join(' ') })),
    );
    const { log, lines } = recordedLog();
    const options = { apiKey: secrets[0], accessTokens: [`x:${secrets[2]}`], upstreamUrl: upstream.baseUrl };
    await using gateway = await createGateway({ ...options, log });
    gateway.replaceSecrets({ apiKey: secrets[1] ?? '', accessTokens: [`x:${secrets[3]}`] });
    const headers = { ...JSON_TYPE, ...bearer(secrets[3] ?? '') };
    await gateway.fetch(new Request('http://gateway/graphql', { method: 'POST', headers, body: BODY }));
    const texts = lines.map(
      ({ message, fields }) => `${message} ${JSON.stringify(fields)} ${Object(fields['err']).message}`,
    );
    expect(texts.join('\n')).toContain('[redacted]');
    for (const secret of secrets) expect(texts.join('\n')).not.toContain(secret);
    expect(lines).toContainEqual({
      level: 'info',
      message: 'Secrets were replaced',
      fields: { labels: ['x'], isNewKey: true },
    });
  });
});

describe('Secrets that can not be used', () => {
  it.each<[Partial<Config>, string]>([
    [{ accessTokens: ['a', ''] }, 'accessTokens: expected'],
    [{ accessTokens: ['x:b', 'y:b'] }, 'x and y are the same token'],
    [{ accessTokens: [] }, 'accessTokens: whether callers need one is decided at start'],
    [{ routerSecrets: ['r'] }, 'routerSecrets: whether callers need one is decided at start'],
    [{ apiKey: 'ü' }, 'apiKey: expected'],
  ])('change nothing: %j', async (secrets, problem) => {
    await using server = await start(TOKENS);
    expect(() => server.gateway.replaceSecrets(secrets)).toThrow(TypeError);
    expect(() => server.gateway.replaceSecrets(secrets)).toThrow(problem);
    expect(await server.ask('b')).toContain(runId(1));
  });
});

describe("A router's secret", () => {
  const ROUTER = { routerSecrets: ['r1', 'r2'] };
  const route = (secret: string) => ({ 'router-authorization': `Bearer ${secret}` });

  it('is needed for whatever is asked, and never goes upstream', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using server = await startListening({ ...ROUTER, upstreamUrl: upstream.baseUrl });
    const { url } = server;
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: BODY });
    for (const headers of [{}, route('r3'), route(''), bearer('r1'), { 'router-authorization': 'r1' }]) {
      const refused = await ask(headers);
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
    expect(upstream.heads).toEqual([]);
    for (const secret of ['r1', 'r2'])
      expect((await ask({ ...route(secret), ...bearer('user') })).status).toBe(200);
    expect(upstream.heads.every((head) => head.includes('authorization: Bearer user'))).toBe(true);
    expect(upstream.heads.join('\n').toLowerCase()).not.toMatch(/router|bearer r\d/);
    const paths = ['/health', '/ready'].map(async (path) => (await fetch(url + path)).status);
    expect(await Promise.all(paths)).toEqual([200, 200]);
    expect((await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(200);
  });

  it('is needed by WebSockets, in their upgrade or their first message', async () => {
    await using server = await start({ ...ROUTER, accessTokens: ['bob:b'], apiKey: 'key-1' });
    await using socket = await openSocket(server.url, {
      ...bearer('b'),
      'Router-Authorization': 'Bearer r1',
    });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    await using refused = await openSocket(server.url, bearer('b'));
    expect(await refused.closed).toBe(4403);
    const upgraded = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: route('r2'),
    });
    await once(upgraded, 'open');
    upgraded.send(JSON.stringify({ type: 'connection_init', payload: bearer('b') }));
    const [message] = await once(upgraded, 'message');
    expect(String(message)).toBe('{"type":"connection_ack"}');
    // When it is removed, only those who came by it have to go.
    server.gateway.replaceSecrets({ routerSecrets: ['r2'] });
    expect(await socket.closed).toBe(4401);
    upgraded.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }));
    expect(String((await once(upgraded, 'message'))[0])).toContain('"__typename":"Query"');
    upgraded.terminate();
  });
});
