import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';

/** What a framework does to a request before it hands it on. */
type Framework = (request: IncomingMessage) => void | Promise<void>;

interface App extends AsyncDisposable {
  send(path: string, init?: RequestInit): Promise<{ status: number; body: string }>;
}

async function appWith(framework: Framework): Promise<App> {
  const gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', endpoint: '/api/graphql' });
  const server = createServer((request, response) => {
    void Promise.resolve(framework(request)).then(() => gateway.listener(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async send(path, init) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      return { status: response.status, body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway[Symbol.asyncDispose]();
    },
  };
}

const QUERY = '{ __typename }';
const ANSWER = { status: 200, body: '{"data":{"__typename":"Query"}}' };

function post(body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

describe('The listener in a framework', () => {
  it('goes by the whole path where the framework cuts a part off', async () => {
    await using app = await appWith((request) => {
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
    await using app = await appWith(async (request) => {
      Object.assign(request, { body: parse(await text(request)) });
    });
    const query = 'query ($yes: Boolean!) { __typename @include(if: $yes) } # élan';
    const body = JSON.stringify({ query, variables: { yes: true } });
    expect(await app.send('/api/graphql', post(body))).toEqual(ANSWER);
    expect(await app.send('/api/graphql', post('{"query":7}'))).toMatchObject({ status: 400 });
  });

  it('answers when something has parsed a body of twenty thousand levels', async () => {
    await using app = await appWith(async (request) => {
      Object.assign(request, { body: JSON.parse(await text(request)) });
    });
    const deep = '{"1":'.repeat(20_000) + '1' + '}'.repeat(20_000);
    expect(await app.send('/api/graphql', post(`{"query":"${QUERY}","variables":${deep}}`))).toEqual(ANSWER);
  });

  it('says so when something has read the body and kept nothing', async () => {
    await using app = await appWith(async (request) => void (await text(request)));
    expect(await app.send('/api/graphql', post(JSON.stringify({ query: QUERY })))).toEqual({
      status: 500,
      body: expect.stringContaining(
        '"message":"The request body was already read, and request.body is not set. Mount the gateway before whatever reads the body."',
      ),
    });
  });

  it('does nothing for clients that have left before', async () => {
    const upstream = { upstreamUrl: 'http://127.0.0.1:1' };
    await using gateway = await createGateway({ ...upstream, maxConnectionsPerCaller: 2 });
    const server = createServer((request, response) => {
      if (request.headers['x-waits'] === undefined) gateway.listener(request, response);
      else request.socket.once('close', () => gateway.listener(request, response)).destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/graphql`;
    const body = post(JSON.stringify({ query: QUERY }));
    const waiting = { 'content-type': 'application/json', 'x-waits': '1' };
    for (const init of [body, {}, body]) {
      const answer = fetch(`${url}?query=${QUERY}`, { ...init, headers: waiting });
      await expect(answer).rejects.toThrow('fetch failed');
    }
    const answer = await fetch(url, body);
    expect(await answer.text()).toBe(ANSWER.body);
    server.closeAllConnections();
    server.close();
  });

  it('passes on no Authorization that the app has taken away', async () => {
    const seen: (string | undefined)[] = [];
    const upstream = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('[]');
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    await using gateway = await createGateway({ upstreamUrl: `http://127.0.0.1:${port}`, apiKey: 'own' });
    const server = createServer((request, response) => {
      delete request.headers.authorization;
      gateway.listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const app = server.address() as AddressInfo;
    const headers = { 'content-type': 'application/json', authorization: 'Bearer session-of-the-app' };
    const query = '{ runs(first: 1) { nodes { id } } }';
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      await fetch(`http://127.0.0.1:${app.port}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body: JSON.stringify({ query }),
      });
    }
    server.closeAllConnections();
    server.close();
    upstream.closeAllConnections();
    upstream.close();
    expect(new Set(seen)).toEqual(new Set(['Bearer own']));
  });
});
