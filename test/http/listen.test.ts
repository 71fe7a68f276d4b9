import { createConnection } from 'node:net';
import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';

let url: string;

beforeAll(async () => {
  const parts = new AsyncDisposableStack();
  const gateway = parts.use(await createGateway());
  url = parts.use(await listen(gateway, { host: '127.0.0.1', port: 0 })).url;
  return () => parts.disposeAsync();
});

async function post(body: BodyInit, headers: Record<string, string> = {}, path = '/graphql') {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' as const }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const PAGE = JSON.stringify({ query: '{ runs(first: 1) { nodes { id } } }' });

describe('Over a real connection', () => {
  it.each<[string, BodyInit, Record<string, string>, number, RegExp]>([
    ['a page', PAGE, {}, 200, /^\{"data":\{"runs":\{"nodes":\[\{"id":"run-/],
    ['a page, with a charset', PAGE, { 'content-type': 'application/json; charset=utf-8' }, 200, /^\{"data"/],
    ['a page, asked for in chunks', new Blob([PAGE]).stream(), {}, 200, /^\{"data"/],
    ['anything else', '{"query":"{ __typename }"}', {}, 200, /^\{"data":\{"__typename":"Query"\}\}$/],
    [
      'a query that is wrong',
      '{"query":"{ runs { nodes { nope } } }"}',
      {},
      200,
      /GRAPHQL_VALIDATION_FAILED/,
    ],
    ['no JSON', '{"query":', {}, 400, /"errors"/],
    ['nothing', '', {}, 400, /"errors"/],
    ['a body of another type', PAGE, { 'content-type': 'text/plain' }, 415, /^$/],
    ['more than a mebibyte', JSON.stringify({ query: '#'.repeat(1_100_000) }), {}, 413, /./],
    ['more than a mebibyte in chunks', new Blob(['#'.repeat(1_100_000)]).stream(), {}, 413, /./],
  ])('%s is answered as it should', async (_name, body, headers, status, text) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([status, expect.stringMatching(text)]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('the id of the request comes back on both ways', async () => {
    for (const body of [PAGE, '{"query":"{ __typename }"}']) {
      const { headers } = await post(body, { 'x-request-id': 'mine' });
      expect(headers.get('x-request-id')).toBe('mine');
    }
  });

  it('a request that breaks off disturbs nobody', async () => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"qu',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post(PAGE)).status).toBe(200);
  });
});

describe('GraphQL over HTTP, over a real connection', () => {
  const audits = serverAudits({ url: 'http://gateway/graphql', fetchFn: fetchFromServer });

  async function fetchFromServer(input: string, init?: RequestInit): Promise<Response> {
    return fetch(input.replace('http://gateway', url), init);
  }

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});
