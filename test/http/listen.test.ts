import { createConnection } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { startListening } from '../support/listening-gateway.ts';

let url: string;

beforeAll(async () => {
  const listening = await startListening();
  ({ url } = listening);
  return () => listening[Symbol.asyncDispose]();
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
    ['a body of another type', PAGE, { 'content-type': 'text/plain' }, 415, /UNSUPPORTED_MEDIA_TYPE/],
    ['more than a mebibyte', JSON.stringify({ query: '#'.repeat(1_100_000) }), {}, 413, /PAYLOAD_TOO_LARGE/],
    [
      'more than a mebibyte in chunks',
      new Blob(['#'.repeat(1_100_000)]).stream(),
      {},
      413,
      /PAYLOAD_TOO_LARGE/,
    ],
  ])('%s gets its status and body', async (_name, body, headers, status, text) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([status, expect.stringMatching(text)]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('the id of the request comes back on both paths', async () => {
    for (const body of [PAGE, '{"query":"{ __typename }"}']) {
      const { headers } = await post(body, { 'x-request-id': 'mine' });
      expect(headers.get('x-request-id')).toBe('mine');
    }
  });

  it('a request that breaks off does not disturb the next one', async () => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"qu',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post(PAGE)).status).toBe(200);
  });
});

const INVALID_HOST = 'Invalid Host header: expected a name or an address, and perhaps a port.';
const INVALID_TARGET = 'Invalid request target: expected a path.';

describe('A hostile request', () => {
  it.each(['variables={', 'variables=x', 'extensions=x'])(
    'with ?%s is refused as a client error',
    async (parameter) => {
      const response = await fetch(`${url}/graphql?query={__typename}&${parameter}`);
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          errors: [
            {
              message: 'The request contains invalid JSON.',
              extensions: {
                code: 'BAD_REQUEST',
                requestId: response.headers.get('x-request-id'),
                retryable: false,
              },
            },
          ],
        },
      ]);
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('as %s, which any page could send, is refused', async (type) => {
    const body = new Blob(['query={runs{nodes{id}}}']);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([
      415,
      { errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] },
    ]);
  });

  it.each([
    ['GET /health HTTP/1.1', 'host: a^b', INVALID_HOST],
    ['GET /health HTTP/1.1', 'host: x/graphql?query={__typename}&', INVALID_HOST],
    ['GET /health HTTP/1.1', 'host: localhost:4000x', INVALID_HOST],
    ['GET /health HTTP/1.1', 'host: user@localhost', INVALID_HOST],
    ['GET /health HTTP/1.1', 'host:', INVALID_HOST],
    ['GET /health HTTP/1.1', 'accept: */*', INVALID_HOST],
    ['GET /health HTTP/1.1', 'host: localhost\r\nHost: localhost', INVALID_HOST],
    ['POST /graphql HTTP/1.1', 'host: localhost\r\nhost: evil.example', INVALID_HOST],
    ['GET http://localhost/health HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /health#x HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /x\\..\\health HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['OPTIONS * HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /./graphql?graphiql=x.js HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /x/../graphql HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /graphql/%2E%2e/metrics HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /graphql/.%2e HTTP/1.1', 'host: localhost', INVALID_TARGET],
    ['GET /graphql HTTP/1.1', 'host: localhost:65536', INVALID_HOST],
  ])(
    'with an invalid target or host is refused without a word about the inside: %s, %s',
    async (line, header, message) => {
      const request = `${line}\r\n${header}\r\nconnection: close\r\n\r\n`;
      const { hostname, port } = new URL(url);
      const socket = createConnection({ host: hostname, port: Number(port) });
      socket.write(request);
      let answer = '';
      for await (const chunk of socket) answer += chunk;
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain(`"message":"${message}"`);
      expect(answer).toContain('"code":"BAD_REQUEST"');
    },
  );
});
