import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors/error-codes.ts';
import { createGateway } from '../../src/gateway.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { TRANSPORTS } from '../support/transports.ts';

const upstreamUrl = 'http://127.0.0.1:1';
const JSON_TYPE = { 'content-type': 'application/json' };
const STRICT = { ...JSON_TYPE, accept: 'application/graphql-response+json' };

function post(body: unknown, headers: Record<string, string> = STRICT): RequestInit {
  return { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** An error of every kind that a caller can cause. */
const ERRORS: readonly [name: string, path: string, init: RequestInit, status: number, code: string][] = [
  ['no JSON', '/graphql', post('{'), 400, 'BAD_REQUEST'],
  ['no body', '/graphql', post(''), 400, 'BAD_REQUEST'],
  ['no object', '/graphql', post('7'), 400, 'BAD_REQUEST'],
  ['no query', '/graphql', post({}), 400, 'BAD_REQUEST'],
  ['no query by GET', '/graphql', { headers: STRICT }, 400, 'BAD_REQUEST'],
  ['a batch', '/graphql', post([{ query: '{ __typename }' }]), 400, 'BAD_REQUEST'],
  ['invalid variables by GET', '/graphql?query={__typename}&variables={', {}, 400, 'BAD_REQUEST'],
  ['a syntax error', '/graphql', post({ query: '{' }), 400, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '/graphql', post({ query: '{ nope }' }), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['a subscription', '/graphql', post({ query: 'subscription { x }' }), 400, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a subscription by event stream',
    '/graphql',
    post({ query: 'subscription { x }' }, { ...JSON_TYPE, accept: 'text/event-stream' }),
    200,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'an unknown operation',
    '/graphql',
    post({ query: 'query A { __typename }', operationName: 'B' }),
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'an invalid variable',
    '/graphql',
    post({ query: 'query ($n: Int) { runs(first: $n) { nodes { id } } }', variables: { n: 'x' } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'an invalid argument',
    '/graphql',
    post({ query: '{ runs(first: -1) { nodes { id } } }' }),
    200,
    'BAD_USER_INPUT',
  ],
  [
    'a missing variable of a field',
    '/graphql',
    post({ query: 'query ($if: Boolean!) { __typename @include(if: $if) }' }),
    400,
    'BAD_USER_INPUT',
  ],
  ['another path', '/nowhere', {}, 404, 'NOT_FOUND'],
  ['PUT', '/graphql', { method: 'PUT', headers: JSON_TYPE, body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
  ['DELETE', '/graphql', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
  ['POST to another path', '/metrics', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
  [
    'another media type of answers',
    '/graphql?query={__typename}',
    { headers: { accept: 'image/png' } },
    406,
    'NOT_ACCEPTABLE',
  ],
  ['a body that is too large', '/graphql', post(' '.repeat(1_100_000)), 413, 'PAYLOAD_TOO_LARGE'],
  ['a body of another type', '/graphql', post('{}', {}), 415, 'UNSUPPORTED_MEDIA_TYPE'],
];

const WAYS = ['listener', 'fetch'] as const;

describe.each(WAYS)('An error (%s)', (way) => {
  it.each(ERRORS)(
    'for %s has a documented code and the id of its request',
    async (_name, path, init, status, code) => {
      await using test = await startTestGateway();
      await using transport = await TRANSPORTS[way](test.gateway);
      const response = await transport.send(path, init);
      const text = await response.text();
      const json = text.startsWith(':') ? (/^data: (.+)$/m.exec(text)?.[1] ?? '') : text;
      const { errors } = JSON.parse(json);
      expect(response.status).toBe(status);
      expect(errors).toMatchObject([
        { extensions: { code, requestId: response.headers.get('x-request-id'), retryable: false } },
      ]);
      expect(Object.keys(ERROR_CODES)).toContain(code);
    },
  );
});

describe.each(WAYS)('An empty operation name (%s)', (way) => {
  it('is as good as none, by GET and by POST', async () => {
    await using gateway = await createGateway({ upstreamUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const query = 'query A { __typename }';
    for (const accept of ['application/json', 'multipart/mixed']) {
      const body = post({ query, operationName: '' }, { ...JSON_TYPE, accept });
      const search = new URLSearchParams({ query, operationName: '' }).toString();
      for (const [path, init] of [
        ['/graphql', body],
        [`/graphql?${search}`, { headers: { accept } }],
      ] as const) {
        expect(await (await transport.send(path, init)).text()).toContain('{"__typename":"Query"}');
      }
    }
  });
});

describe.each(WAYS)('The root (%s)', (way) => {
  const send = async (endpoint: string, accept: string, explorer = false) => {
    await using gateway = await createGateway({ upstreamUrl, endpoint, explorer });
    await using transport = await TRANSPORTS[way](gateway);
    const response = await transport.send('/', { headers: { accept }, redirect: 'manual' });
    await response.bytes();
    return [response.status, response.headers.get('location')];
  };

  it('is the explorer for browsers, or sends them to GraphiQL, and is nothing to others', async () => {
    expect(await send('/graphql', 'text/html', true)).toEqual([200, null]);
    expect(await send('/graphql', '*/*', true)).toEqual([404, null]);
    expect(await send('/graphql', 'text/html,application/xhtml+xml')).toEqual([307, '/graphql']);
    expect(await send('/api/graphql', 'text/html')).toEqual([307, '/api/graphql']);
    expect(await send('/graphql', '*/*')).toEqual([404, null]);
    expect(await send('/', 'text/html')).toEqual([200, null]);
  });
});

describe.each(WAYS)('Every answer (%s)', (way) => {
  it.each<[string, string, RequestInit]>([
    ...ERRORS.map(([name, path, init]): [string, string, RequestInit] => [name, path, init]),
    ['a query', '/graphql?query={__typename}', {}],
    ['health', '/health', {}],
    ['readiness', '/ready', {}],
    ['metrics', '/metrics', {}],
    ['the root', '/', { headers: { accept: 'text/html' }, redirect: 'manual' }],
  ])('for %s keeps browsers from guessing, framing and embedding', async (_name, path, init) => {
    await using gateway = await createGateway({ upstreamUrl, explorer: false });
    await using transport = await TRANSPORTS[way](gateway);
    const response = await transport.send(path, init);
    await response.bytes();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it('of GraphiQL has a policy that lets it run', async () => {
    await using gateway = await createGateway({ upstreamUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const { headers, body } = await transport.send('/graphql', { headers: { accept: 'text/html' } });
    await body?.cancel();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy') ?? '').not.toContain("default-src 'none'; frame-ancestors");
  });
});
