import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { serve } from '../support/serve.ts';

/** What a framework does to a request before it hands it on. */
type Framework = (request: IncomingMessage) => void | Promise<void>;

interface App extends AsyncDisposable {
  send(path: string, init?: RequestInit): Promise<{ status: number; body: string }>;
}

async function appWith(framework: Framework): Promise<App> {
  const gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', endpoint: '/api/graphql' });
  const served = await serve(async (request, response) => {
    await framework(request);
    gateway.listener(request, response);
  });
  return {
    async send(path, init) {
      const response = await fetch(served.baseUrl + path, init);
      return { status: response.status, body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
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
    await using served = await serve((request, response) => {
      if (request.headers['x-waits'] === undefined) gateway.listener(request, response);
      else request.socket.once('close', () => gateway.listener(request, response)).destroy();
    });
    const url = `${served.baseUrl}/graphql`;
    const body = post(JSON.stringify({ query: QUERY }));
    const waiting = { 'content-type': 'application/json', 'x-waits': '1' };
    for (const init of [body, {}, body]) {
      const answer = fetch(`${url}?query=${QUERY}`, { ...init, headers: waiting });
      await expect(answer).rejects.toThrow('fetch failed');
    }
    const answer = await fetch(url, body);
    expect(await answer.text()).toBe(ANSWER.body);
  });

  it('passes on no Authorization that the app has taken away', async () => {
    const seen: (string | undefined)[] = [];
    await using upstream = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('[]');
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, apiKey: 'own' });
    await using app = await serve((request, response) => {
      delete request.headers.authorization;
      gateway.listener(request, response);
    });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer session-of-the-app' };
    const query = '{ runs(first: 1) { nodes { id } } }';
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      await fetch(`${app.baseUrl}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body: JSON.stringify({ query }),
      });
    }
    expect(new Set(seen)).toEqual(new Set(['Bearer own']));
  });
});
