import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { serve } from '../support/serve.ts';
import { lacksNginx, startNginx } from './nginx.ts';

interface Received {
  readonly replica: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What a replica does with a request, the first one that comes to any of them, and the others. */
type Behaviour = (response: ServerResponse) => unknown;

const answers: Behaviour = (response) => response.end('{"data":{}}');
const dies: Behaviour = (response) => response.destroy();
const isSilent: Behaviour = () => undefined;
const refuses: Behaviour = (response) =>
  response
    .writeHead(503, { 'retry-after': '1' })
    .end('{"errors":[{"extensions":{"code":"SUBSCRIPTION_DRAINED"}}]}');

/** Three servers behind the shipped file, of which the first one that is asked does something else. */
async function startReplicas(first: Behaviour = answers, others: Behaviour = answers) {
  await using starting = new AsyncDisposableStack();
  const received: Received[] = [];
  const ports: number[] = [];
  for (const replica of [0, 1, 2]) {
    const { baseUrl } = starting.use(
      await serve(async (request, response) => {
        const { method = '', url = '', headers } = request;
        received.push({ replica, method, path: url, body: await text(request), headers });
        // The first one keeps doing it.
        (received[0]?.replica === replica ? first : others)(response);
      }),
    );
    ports.push(Number(new URL(baseUrl).port));
  }
  const nginx = starting.use(await startNginx({ ports, readTimeoutSeconds: 1 }));
  const parts = starting.move();
  return {
    received,
    url: `${nginx.url}/graphql`,
    post: (body: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${nginx.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const QUERY = JSON.stringify({ query: '{ runs { nodes { id } } }' });
const EVENTS = { accept: 'text/event-stream' };
const ACCEPT_OF_URQL =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';

describe.skipIf(lacksNginx())('nginx', () => {
  it.each([
    ['dies', dies],
    ['is silent', isSilent],
  ])('sends a query to another replica when one %s', async (_what, first) => {
    await using replicas = await startReplicas(first);
    const response = await replicas.post(QUERY);
    expect([response.status, await response.text()]).toEqual([200, '{"data":{}}']);
    expect(replicas.received.map(({ body }) => body)).toEqual([QUERY, QUERY]);
    // It is left out from then on.
    await (await replicas.post(QUERY)).text();
    expect(replicas.received).toHaveLength(3);
  });

  it('sends a GET to another replica', async () => {
    await using replicas = await startReplicas(dies);
    expect((await fetch(`${replicas.url}?query={__typename}`)).status).toBe(200);
    expect(replicas.received.map(({ path }) => path)).toEqual(
      Array.from({ length: 2 }, () => '/graphql?query={__typename}'),
    );
  });

  it.each([
    ['a mutation', JSON.stringify({ query: 'mutation { cancelRuns(ids: []) { __typename } }' })],
    ['one among others', JSON.stringify({ query: '{ a }  mutation M { b }', operationName: 'M' })],
    ['an escaped one', String.raw`{"query":"\u006dutation { a }"}`],
    ['an escaped id', String.raw`{"query":null,"\u0064ocumentId":"a"}`],
    ['an id', JSON.stringify({ documentId: 'query' })],
    ['an id and a query', JSON.stringify({ documentId: 'a', query: 'query' })],
    ['the id of Relay', JSON.stringify({ doc_id: 'a', variables: { query: 1 } })],
    ['a hash', JSON.stringify({ query: '{ a }', extensions: { persistedQuery: {} } })],
    ['no query', '{}'],
    ['one that is not in memory', JSON.stringify({ query: `{ a } #${' '.repeat(500_000)}mutation` })],
    ['a query that is not in memory', JSON.stringify({ query: `{ a } #${' '.repeat(500_000)}` })],
  ])('never sends %s twice', async (_what, body) => {
    for (const headers of [{}, EVENTS]) {
      await using replicas = await startReplicas(dies, dies);
      const response = await replicas.post(body, headers);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { retryable: false } }] });
      expect(replicas.received.map((request) => request.body === body)).toEqual([true]);
    }
  });

  it('sends a mutation to another replica when one takes no connections', async () => {
    const mutation = JSON.stringify({ query: 'mutation { a }' });
    await using alive = await serve((_request, response) => response.end('{"data":{}}'));
    const ports = [await freePort(), Number(new URL(alive.baseUrl).port), await freePort()];
    await using nginx = await startNginx({ ports });
    for (let caller = 0; caller < 10; caller++) {
      const headers = { authorization: `Bearer ${caller}` };
      const response = await fetch(`${nginx.url}/graphql`, { method: 'POST', headers, body: mutation });
      expect(await response.text()).toBe('{"data":{}}');
    }
  });

  it('sends a query no more than three times', async () => {
    await using replicas = await startReplicas(dies, dies);
    const response = await replicas.post(QUERY, { 'x-request-id': 'mine' });
    expect([response.status, await response.json()]).toMatchObject([
      502,
      { errors: [{ extensions: { retryable: true } }] },
    ]);
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(replicas.received).toHaveLength(3);
  });

  it.each([
    ['a POST', (url: string) => fetch(url, { method: 'POST', headers: EVENTS, body: QUERY })],
    [
      'a POST of urql',
      (url: string) =>
        fetch(url, {
          method: 'POST',
          headers: { accept: 'text/event-stream, multipart/mixed' },
          body: QUERY,
        }),
    ],
    ['a GET', (url: string) => fetch(`${url}?query=subscription{a}`, { headers: EVENTS })],
  ])('opens a stream by %s on another replica when one is about to end', async (_what, open) => {
    await using replicas = await startReplicas(refuses);
    const response = await open(replicas.url);
    expect([response.status, await response.text()]).toEqual([200, '{"data":{}}']);
    expect(new Set(replicas.received.map(({ replica }) => replica)).size).toBe(2);
  });

  it('passes the refusal of a stream on when all replicas refuse it, and leaves none of them out', async () => {
    await using replicas = await startReplicas(refuses, refuses);
    for (let round = 0; round < 3; round++) {
      const response = await replicas.post(QUERY, EVENTS);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.text()).toContain('SUBSCRIPTION_DRAINED');
    }
    expect(replicas.received).toHaveLength(12);
  });

  it.each([
    ['a query', QUERY, ''],
    ['a query of urql, which takes events as well', QUERY, ACCEPT_OF_URQL],
    ['a mutation of urql', JSON.stringify({ query: 'mutation { a }' }), ACCEPT_OF_URQL],
  ])('passes the refusal of %s on as it is', async (_what, body, accept) => {
    await using replicas = await startReplicas(refuses, refuses);
    const response = await replicas.post(body, { accept });
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('DRAINED')]);
    expect(replicas.received).toHaveLength(1);
  });

  it('sends no query again that took its replica too long', async () => {
    await using replicas = await startReplicas((response) => response.writeHead(504).end('{"errors":[]}'));
    const response = await replicas.post(QUERY, { accept: ACCEPT_OF_URQL });
    expect([response.status, await response.text()]).toEqual([504, '{"errors":[]}']);
    expect(replicas.received).toHaveLength(1);
  });

  it('sends no encoded text again, of which it can read only parts', async () => {
    await using replicas = await startReplicas(dies, dies);
    expect((await replicas.post(QUERY, { 'content-encoding': 'zstd' })).status).toBe(502);
    expect(replicas.received).toHaveLength(1);
  });

  it('asks the same replica for all that comes with the same Authorization, and others for others', async () => {
    await using replicas = await startReplicas();
    const callers = Array.from({ length: 31 }, (_, index) => ({ authorization: `Bearer ${index}` }));
    const round = async () => {
      const before = replicas.received.length;
      for (const caller of callers) await (await replicas.post(QUERY, caller)).text();
      return replicas.received.slice(before).map(({ replica }) => replica);
    };
    const first = await round();
    expect(new Set(first).size).toBe(3);
    expect(await round()).toEqual(first);
  });

  it('passes on the host, the request id or one of its own, and who has asked', async () => {
    await using replicas = await startReplicas();
    await (await replicas.post(QUERY, { 'x-request-id': 'mine' })).text();
    await (await replicas.post(QUERY)).text();
    const [mine, other] = replicas.received;
    expect(mine?.headers).toMatchObject({
      'x-request-id': 'mine',
      host: new URL(replicas.url).host,
      'x-forwarded-for': '127.0.0.1',
    });
    expect(other?.headers['x-request-id']).toMatch(/^[\da-f]{32}$/);
  });
});
