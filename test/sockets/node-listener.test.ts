import { once } from 'node:events';
import { Agent, IncomingMessage, request as httpRequest, ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { stopJitter } from '../support/clock.ts';
import { type Headers, jsonPost } from '../support/execute.ts';
import { listenOn } from '../support/listen-on.ts';
import { openGateway } from '../support/open-gateway.ts';
import { openListening } from '../support/open-listening.ts';
import { randomRuns } from '../support/random-runs.ts';
import { sendRaw } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';
import { serve } from '../support/serve.ts';

const BODY = '{"query":"{ __typename }"}';
const ANSWER = { status: 200, body: '{"data":{"__typename":"Query"}}' };
const LIST = '{"query":"{ runs(first: 1) { nodes { id } } }"}';
const JSON_TYPE = { 'content-type': 'application/json' };
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** An app with a gateway in it; the framework does something to each request before it hands it on. */
async function openApp(
  framework: (request: IncomingMessage) => void | Promise<void>,
  config: GatewayOptions = {},
) {
  const test = await openGateway({ config: { endpoint: '/api/graphql', ...config } });
  const served = await serve(async (request, response) => {
    await framework(request);
    test.gateway.listener(request, response);
  });
  return {
    ...test,
    async send(path: string, init?: RequestInit) {
      const response = await fetch(served.baseUrl + path, init);
      return { status: response.status, body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
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
    expect(await app.send('/api/graphql', jsonPost(BODY))).toEqual(ANSWER);
    expect(await app.send('/api/graphql?query={__typename}')).toEqual(ANSWER);
    expect(await app.send('/api/graphql', jsonPost('{'))).toMatchObject({ status: 400 });
    const page = await app.send('/api/graphql', { headers: { accept: 'text/html' } });
    expect(page.body).toContain('NewestRuns');
  });

  it.each<[string, (body: string) => unknown]>([
    ['parsed it', (body) => JSON.parse(body)],
    ['kept it as text', (body) => body],
    ['kept it as bytes', (body) => Buffer.from(body)],
  ])('answers when something has read the body and %s', async (_name, parse) => {
    await using app = await openApp(async (request) => {
      Object.assign(request, { body: parse(await text(request)) });
    });
    for (const query of ['{ __typename } # élan', '{ __typename }']) {
      expect(await app.send('/api/graphql', jsonPost(`{"query":"${query}","variables":{}}`))).toEqual(ANSWER);
    }
    for (const body of ['{"query":7}', '{}']) {
      expect(await app.send('/api/graphql', jsonPost(body)), body).toMatchObject({ status: 400 });
    }
    const long = `{"query":"{ __typename } #${'x'.repeat(300_000)}"}`;
    expect(await app.send('/api/graphql', jsonPost(long))).toMatchObject({ status: 413 });
  });

  it('answers when a parser has read and decoded a body that was sent by gzip, or an empty one', async () => {
    await using app = await openApp(async (request) => {
      const bytes = await buffer(request);
      const json = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      Object.assign(request, { body: json.length === 0 ? {} : JSON.parse(String(json)) });
    });
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect(await app.send('/api/graphql', { method: 'POST', headers, body: gzipSync(BODY) })).toEqual(ANSWER);
    expect(await app.send('/api/graphql', jsonPost(''))).toMatchObject({ status: 400 });
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', ''])(
    'refuses what a form of another page can send, also if a parser has made an object of it: %s',
    async (type) => {
      await using app = await openApp(async (request) => {
        Object.assign(request, { body: Object.fromEntries(new URLSearchParams(await text(request))) });
      });
      const init = { method: 'POST', headers: { 'content-type': type }, body: 'query={__typename}' };
      expect(await app.send('/api/graphql', init)).toMatchObject({ status: 415 });
    },
  );

  it('passes on no Authorization that the app has taken away', async () => {
    const config = { apiKey: 'own' };
    await using app = await openApp((request) => void delete request.headers.authorization, config);
    expect((await app.send('/api/graphql', jsonPost(LIST, bearer('session-of-the-app')))).status).toBe(200);
    expect(app.upstream.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer own']);
  });
});

it("The listener answers queries and streams in an app on Node's HTTP/2", async () => {
  await using test = await openGateway();
  await using listening = await listenOn(createHttp2Server().on('request', test.gateway.listener as never));
  const client = connectHttp2(`http://127.0.0.1:${listening.port}`);
  const ask = (query: string) =>
    client.request({
      ':path': `/graphql?${new URLSearchParams({ query })}`,
      accept: 'text/event-stream, */*',
    });
  // Both on one connection.
  const stream = ask('subscription { runEvents { kind } }');
  expect(String(await once(stream, 'data'))).toContain(':');
  expect(await text(ask('{ __typename }'))).toContain('"__typename":"Query"');
  stream.close();
  await once(stream, 'close');
  const metric = () => test.gateway.metrics.registry.getSingleMetricAsString('runs_gateway_subscriptions');
  await expect.poll(metric).toMatch(/subscriptions 0$/m);
  client.close();
});

it.each([
  ['127.0.0.1', 'LocalHost:4000', {}, 200],
  ['127.0.0.1', '[::1]:4000', {}, 200],
  ['127.0.0.1', '127.0.0.1.evil.example', {}, 421],
  ['127.0.0.1', 'gateway.test', { allowedHosts: ['gateway.test'] }, 200],
  ['127.0.0.1', 'evil.example', { allowedHosts: ['gateway.test'] }, 421],
  // Others can reach it, and have names for it.
  ['0.0.0.0', 'gateway.internal', {}, 200],
])('On %s, a request for %s with %j is answered by %d', async (host, name, config, status) => {
  await using server = await openListening({ config }, { host });
  const url = server.url.replace('0.0.0.0', '127.0.0.1');
  const lines = ['GET /graphql?query={runs{nodes{id}}} HTTP/1.1', `host: ${name}`];
  expect(Number((await sendRaw(url, lines)).slice(9, 12))).toBe(status);
  expect(server.upstream.requests).toHaveLength(status === 200 ? 1 : 0);
});

const config = { forwardHeaders: ['x-tenant'], project: 'ours' };
const P = { 'x-project': 'p' };

it.each<[string, Readonly<Record<string, unknown>>, Headers, Headers | number]>([
  ['come in the message that opens it', P, {}, P],
  ['in both cases, of which lower case counts', { 'X-Project': 'P', 'x-project': 'p' }, {}, P],
  ['in both, of which the message counts', P, { 'x-project': 'q' }, P],
  ['as none, which is that of the gateway', {}, {}, { 'x-project': 'ours' }],
  ['as what is no text', { authorization: ['Bearer t'] }, {}, 4403],
])('By WebSocket, headers of a caller %s', async (_name, init, headers, expected) => {
  await using server = await openListening({ config });
  await using socket = await openSocket(server.graphql, init, headers);
  if (typeof expected === 'number') {
    expect(await Promise.race([socket.closed, socket.next()])).toBe(expected);
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

describe.each([1, 1_500, 10_000])('An answer with %d words of 9 bytes in 3 characters', (count) => {
  const word = 'é€😀'.repeat(count);
  const runs = randomRuns(1, 7).map((run) => ({ ...run, metadata: { word } }));
  const query = '{ runs(first: 1) { nodes { metadata } } }';

  it('arrives as it is', async () => {
    await using server = await openListening({ runs });
    const response = await fetch(server.graphql, jsonPost({ query }));
    expect((await response.text()).includes(JSON.stringify({ word }))).toBe(true);
  });

  it('is bytes where a socket takes every text for UTF-8, as in functions of clouds', async () => {
    await using open = await openGateway({ runs });
    const chunks: Buffer[] = [];
    const socket = new Duplex({
      decodeStrings: false,
      read() {},
      write(chunk: string | Buffer, _encoding, done) {
        chunks.push(Buffer.from(chunk as string));
        done();
      },
    });
    const request = new IncomingMessage(socket as Socket);
    const url = `/graphql?${new URLSearchParams({ query })}`;
    Object.assign(request, { method: 'GET', url, headers: { accept: 'application/json' } });
    const response = new ServerResponse(request);
    response.assignSocket(socket as Socket);
    open.gateway.listener(request, response);
    await once(response, 'finish');
    expect(Buffer.concat(chunks).toString().includes(JSON.stringify({ word }))).toBe(true);
  });
});

it('What is replaced counts on connections that are open: HTTP is refused, and WebSockets are closed', async () => {
  stopJitter();
  await using server = await openListening({ config: { accessTokens: ['alice:a', 'bob:b'], apiKey: 'key' } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const status = async (token: string): Promise<number | undefined> => {
    const sent = httpRequest(server.graphql, {
      method: 'POST',
      agent,
      headers: { ...JSON_TYPE, ...bearer(token) },
    });
    const [response] = (await once(sent.end(LIST), 'response')) as [IncomingMessage];
    await text(response);
    return response.statusCode;
  };
  const url = server.graphql;
  await using leaving = await openSocket(url, bearer('a'));
  await using staying = await openSocket(url, bearer('b'));
  for (const socket of [leaving, staying]) expect(await socket.next()).toEqual({ type: 'connection_ack' });
  expect(await status('a')).toBe(200);
  server.gateway.replaceSecrets({ accessTokens: ['bob:b'], apiKey: 'other' });
  expect([await status('a'), await status('b')]).toEqual([401, 200]);
  // Clients of graphql-ws don't connect again after this code.
  expect(await leaving.closed).toBe(4401);
  staying.send({ type: 'subscribe', id: '1', payload: JSON.parse(BODY) });
  expect(await staying.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  server.gateway.replaceSecrets({ accessTokens: ['alice:a'] });
  expect(await staying.closed).toBe(4401);
  agent.destroy();
});
