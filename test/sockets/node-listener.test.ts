import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway.ts';
import { openGateway } from '../support/open-gateway.ts';
import { openListening } from '../support/open-listening.ts';
import { sendRaw } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';

type Headers = Readonly<Record<string, string>>;

const QUERY = '{ __typename }';
const ANSWER = { status: 200, body: '{"data":{"__typename":"Query"}}' };
const LIST = '{"query":"{ runs(first: 1) { nodes { id } } }"}';
const JSON_TYPE = { 'content-type': 'application/json' };
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

const post = (body: string, headers: Headers = {}): RequestInit => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body,
});

/** An app with a gateway in it; the framework does something to each request before it hands it on. */
async function openApp(
  framework: (request: IncomingMessage) => void | Promise<void>,
  config: GatewayOptions = {},
) {
  const test = await openGateway({ config: { endpoint: '/api/graphql', ...config } });
  const server = createServer((request, response) => {
    void Promise.try(framework, request).then(() => test.gateway.listener(request, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = Object(server.address());
  return {
    ...test,
    async send(path: string, init?: RequestInit) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      return { status: response.status, body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

describe('The listener in a framework', () => {
  it('goes by the whole path where the framework cuts a part off', async () => {
    await using app = await openApp((request) => {
      const { url = '' } = request;
      Object.assign(request, { originalUrl: url, url: url.slice('/api/graphql'.length) || '/' });
    });
    expect(await app.send('/api/graphql', post(JSON.stringify({ query: QUERY })))).toEqual(ANSWER);
    expect(await app.send(`/api/graphql?query=${QUERY}`)).toEqual(ANSWER);
    expect(await app.send('/api/graphql', post('{'))).toMatchObject({ status: 400 });
    expect(await app.send('/api/graphql', { headers: { accept: 'text/html' } })).toMatchObject({
      status: 200,
      body: expect.stringContaining('NewestRuns'),
    });
  });

  it.each<[string, (body: string) => unknown]>([
    ['parsed it', (body) => JSON.parse(body)],
    ['kept it as text', (body) => body],
    ['kept it as bytes', (body) => Buffer.from(body)],
  ])('answers when something has read the body and %s', async (_name, parse) => {
    await using app = await openApp(async (request) => {
      Object.assign(request, { body: parse(await text(request)) });
    });
    const query = 'query ($yes: Boolean!) { __typename @include(if: $yes) } # élan';
    expect(await app.send('/api/graphql', post(JSON.stringify({ query, variables: { yes: true } })))).toEqual(
      ANSWER,
    );
    expect(await app.send('/api/graphql', post('{"query":7}'))).toMatchObject({ status: 400 });
    const deep = '{"1":'.repeat(20_000) + '1' + '}'.repeat(20_000);
    expect(await app.send('/api/graphql', post(`{"query":"${QUERY}","variables":${deep}}`))).toEqual(ANSWER);
  });

  it('says so when something has read the body and kept nothing', async () => {
    await using app = await openApp(async (request) => void (await text(request)));
    expect(await app.send('/api/graphql', post(JSON.stringify({ query: QUERY })))).toEqual({
      status: 500,
      body: expect.stringContaining('Mount the gateway before whatever reads the body.'),
    });
  });

  it('passes on no Authorization that the app has taken away', async () => {
    await using app = await openApp((request) => void delete request.headers.authorization, {
      apiKey: 'own',
    });
    expect(await app.send('/api/graphql', post(LIST, bearer('session-of-the-app')))).toMatchObject({
      status: 200,
    });
    expect(app.upstream.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer own']);
  });
});

describe('A gateway on loopback', () => {
  const answerFor = async (
    host: string,
    lines: readonly string[] = ['GET /health HTTP/1.1'],
    config = {},
  ) => {
    await using server = await openListening({ config: { apiKey: 'own', ...config } });
    const [line = '', ...rest] = lines;
    const answer = await sendRaw(server.url, [line, `host: ${host}`, ...rest]);
    return { answer, status: Number(answer.slice(9, 12)), asked: server.upstream.requests.length };
  };

  it.each([
    ['GET /graphql?query={runs{nodes{id}}} HTTP/1.1'],
    ['GET /graphql HTTP/1.1', 'accept: text/html'],
    ['OPTIONS /graphql HTTP/1.1', 'origin: http://evil.example', 'access-control-request-method: POST'],
    ['GET /ready HTTP/1.1'],
    ['GET /metrics HTTP/1.1'],
    ['GET / HTTP/1.1', 'accept: text/html'],
    ['POST /graphql HTTP/1.1', 'content-type: application/json', `content-length: ${LIST.length}`, '', LIST],
  ])('gives nothing to a page whose name resolves to this machine: %s', async (...lines) => {
    const { answer, status, asked } = await answerFor('evil.example:4000', lines);
    expect([status, asked]).toEqual([421, 0]);
    expect(answer).toContain('"code":"MISDIRECTED_REQUEST"');
    expect(answer).not.toContain('access-control');
  });

  it.each([
    ['LocalHost:4000', {}, 200],
    ['localhost.', {}, 200],
    ['127.8.9.10:1', {}, 200],
    ['[::1]:4000', {}, 200],
    ['127.0.0.1.evil.example', {}, 421],
    ['gateway.test', { allowedHosts: ['gateway.test'] }, 200],
    ['localhost', { allowedHosts: ['gateway.test'] }, 200],
    ['evil.example', { allowedHosts: ['gateway.test'] }, 421],
  ])('answers Host: %s, with %j, by %d', async (host, config, status) => {
    expect((await answerFor(host, undefined, config)).status).toBe(status);
  });
});

it('A gateway that others can reach serves any host, for which they have names', async () => {
  await using server = await openListening({}, { host: '0.0.0.0' });
  const url = server.url.replace('0.0.0.0', '127.0.0.1');
  expect(await sendRaw(url, ['GET /health HTTP/1.1', 'host: gateway.internal'])).toMatch(/^HTTP\/1\.1 200 /);
});

it('A header that is sent twice goes upstream as one', async () => {
  await using server = await openListening();
  const line = 'GET /graphql?query={runs{nodes{id}}} HTTP/1.1';
  const answer = await sendRaw(server.url, [line, 'host: localhost', 'X-Project: a', 'x-project: b']);
  expect(answer).toContain('{"data":{"runs":{"nodes":[]}}}');
  expect(server.upstream.requests[0]?.headers['x-project']).toBe('a, b');
});

describe('By WebSocket, headers of a caller', () => {
  const config = { forwardHeaders: ['x-tenant'], project: 'ours' };
  const P = { 'x-project': 'p' };

  it.each<[string, Readonly<Record<string, unknown>>, Headers, Headers | number]>([
    ['come in the message that opens it', P, {}, P],
    ['there, with capital letters', { 'X-Project-Id': 'i' }, {}, { 'x-project-id': 'i' }],
    ['in both cases, of which lower case counts', { 'X-Project': 'P', 'x-project': 'p' }, {}, P],
    ['in the header', {}, P, P],
    ['in the header, and null in the message', { 'x-project': null }, P, P],
    ['in both, of which the message counts', P, { 'x-project': 'q' }, P],
    [
      'one here and one there',
      { ...P, authorization: 'a' },
      { 'x-tenant': 't' },
      { ...P, authorization: 'a', 'x-tenant': 't' },
    ],
    ['as none, which is that of the gateway', {}, {}, { 'x-project': 'ours' }],
    [
      'with others, which stay',
      { ['__proto__']: 'x', cookie: 'c', 'x-project-id': 'i' },
      {},
      { 'x-project-id': 'i' },
    ],
    ['as no text', { 'x-project': 7 }, {}, 4403],
    ['as what is no header', { 'x-tenant': 'a\r\nuser_id: u' }, {}, 4403],
    ['beyond a byte', { 'x-project': 'проект' }, {}, 4403],
    ['as more than can be sent', { 'x-tenant': 't'.repeat(17_000) }, {}, 4403],
  ])('%s', async (_name, init, headers, expected) => {
    await using server = await openListening({ config });
    await using socket = await openSocket(`${server.url}/graphql`, init, headers);
    if (typeof expected === 'number') {
      expect(await socket.closed).toBe(expected);
      expect(server.upstream.requests).toEqual([]);
      return;
    }
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: JSON.parse(LIST) });
    expect(await socket.next()).toMatchObject({ payload: { data: { runs: { nodes: [] } } } });
    const names = ['authorization', 'cookie', 'x-project', 'x-project-id', 'x-tenant'];
    const sent = Object.entries(server.upstream.requests[0]?.headers ?? {});
    expect(Object.fromEntries(sent.filter(([name]) => names.includes(name)))).toEqual(expected);
  });
});

describe('What is replaced', () => {
  it('counts on connections that are open: HTTP is refused, and WebSockets are closed', async () => {
    await using server = await openListening({
      config: { accessTokens: ['alice:a', 'bob:b'], apiKey: 'key' },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const status = async (token: string): Promise<number | undefined> => {
      const sent = httpRequest(`${server.url}/graphql`, {
        method: 'POST',
        agent,
        headers: { ...JSON_TYPE, ...bearer(token) },
      });
      const [response] = (await once(sent.end(LIST), 'response')) as [IncomingMessage];
      await text(response);
      return response.statusCode;
    };
    const url = `${server.url}/graphql`;
    await using leaving = await openSocket(url, bearer('a'));
    await using staying = await openSocket(url, bearer('b'));
    for (const socket of [leaving, staying]) expect(await socket.next()).toEqual({ type: 'connection_ack' });
    expect(await status('a')).toBe(200);
    server.gateway.replaceSecrets({ accessTokens: ['bob:b'] });
    expect([await status('a'), await status('b')]).toEqual([401, 200]);
    // Clients of graphql-ws don't connect again after this code.
    expect(await leaving.closed).toBe(4401);
    staying.send({ type: 'subscribe', id: '1', payload: { query: QUERY } });
    expect(await staying.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    agent.destroy();
  });

  it('is the secret of a router as well, in an upgrade or the message that opens it', async () => {
    await using server = await openListening({ config: { routerSecrets: ['r1', 'r2'] } });
    const url = `${server.url}/graphql`;
    const by = (secret: string): Headers => ({ 'router-authorization': `Bearer ${secret}` });
    await using inMessage = await openSocket(url, by('r1'));
    await using inUpgrade = await openSocket(url, {}, by('r2'));
    await using refused = await openSocket(url, by('r3'));
    for (const socket of [inMessage, inUpgrade])
      expect(await socket.next()).toEqual({ type: 'connection_ack' });
    expect(await refused.closed).toBe(4403);
    server.gateway.replaceSecrets({ routerSecrets: ['r2'] });
    expect(await inMessage.closed).toBe(4401);
    inUpgrade.send({ type: 'subscribe', id: '1', payload: { query: QUERY } });
    expect(await inUpgrade.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  });

  it('ends subscriptions on a WebSocket that is left open, with a cursor', async () => {
    await using server = await openListening({ config: { accessTokens: ['a'], apiKey: 'key-1' } });
    await using socket = await openSocket(`${server.url}/graphql`, bearer('a'));
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { runEvents { kind } }' } });
    await expect.poll(() => server.upstream.requests.length).toBeGreaterThan(0);
    server.gateway.replaceSecrets({ apiKey: 'key-2' });
    expect(await socket.next()).toMatchObject({
      id: '1',
      payload: { errors: [{ extensions: { code: 'SUBSCRIPTION_DRAINED' } }] },
    });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    socket.send({ type: 'subscribe', id: '2', payload: JSON.parse(LIST) });
    expect(await socket.next()).toMatchObject({ id: '2', payload: { data: { runs: { nodes: [] } } } });
    expect(server.upstream.requests.at(-1)?.headers.authorization).toBe('Bearer key-2');
  });
});
