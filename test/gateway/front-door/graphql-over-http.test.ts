import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/errors/error-codes.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { jsonPost } from '../../support/execute.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const STRICT = { accept: 'application/graphql-response+json' };
const NAME = '{ __typename }';
const PAGE = '{ runs(first: 1) { nodes { id } } }';

const post = (body: string | object): RequestInit => jsonPost(body, STRICT);

async function send(path: string, init: RequestInit = {}, config: GatewayOptions = {}) {
  await using test = await openGateway({ config });
  const response = await test.gateway.fetch(new Request(`http://gateway${path}`, init));
  const text = await response.text();
  const asked = test.upstream.urls.length;
  return { response, text, asked };
}

const EVENTS: RequestInit = { headers: { accept: 'text/event-stream' } };

/** The address of a GET. */
const search = (parameters: Readonly<Record<string, string>>): string =>
  `/graphql?${new URLSearchParams(parameters).toString()}`;

describe('Errors over HTTP', () => {
  const expectError = async (
    path: string,
    init: RequestInit,
    status: number,
    code: keyof typeof ERROR_CODES,
  ) => {
    const { response, text, asked } = await send(path, init);
    expect([response.status, asked]).toEqual([status, 0]);
    const requestId = response.headers.get('x-request-id');
    expect(requestId).not.toBeNull();
    const extensions = { code, requestId, retryable: ERROR_CODES[code].retryable };
    const json = text.startsWith(':') ? (/^data: (.+)$/m.exec(text)?.[1] ?? '') : text;
    expect(JSON.parse(json)).toMatchObject({ errors: [{ message: expect.any(String), extensions }] });
    expect(text).not.toContain('stack');
  };

  const COUNTED = 'query ($n: Int) { runs(first: $n) { nodes { id } } }';
  const LEFT_OUT = 'subscription { runUpdates(id: "x") @include(if: false) { id } }';
  it.each<[string, string | object, number, keyof typeof ERROR_CODES]>([
    ['no JSON', '{', 400, 'BAD_REQUEST'],
    ['a batch', [{ query: NAME }], 400, 'BAD_REQUEST'],
    ['no query', { variables: {} }, 400, 'BAD_REQUEST'],
    ['a query that is no text', { query: 7 }, 400, 'BAD_REQUEST'],
    ['an unknown parameter', { query: NAME, queryId: 'x' }, 400, 'BAD_REQUEST'],
    ['a syntax error', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nope }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown field of a subscription',
      { query: 'subscription { nope }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a subscription with a condition', { query: LEFT_OUT }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown operation', { query: NAME, operationName: 'B' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['an invalid argument', { query: COUNTED, variables: { n: -1 } }, 200, 'BAD_USER_INPUT'],
  ])('have their code and the id of the request, for a POST of %s', async (_name, body, status, code) => {
    await expectError('/graphql', post(body), status, code);
  });

  it.each([
    'subscription ($x: Boolean!) { runUpdates(id: "x") @skip(if: $x) { id } }',
    'subscription ($x: Boolean!) { ...on Subscription @include(if: $x) { runUpdates(id: "x") { id } } }',
    'subscription ($x: Boolean!) { ...f } fragment f on Subscription { ...f ... { runUpdates(id: "x") @skip(if: $x) { id } } }',
    'subscription ($x: Boolean = false) { runUpdates(id: "x") @include(if: true) @skip(if: $x) { id } }',
  ])('name @skip and @include at the top of a subscription: %s', async (query) => {
    for (const x of [true, false]) {
      const { text, asked } = await send('/graphql', post({ query, variables: { x } }));
      expect([text, asked]).toEqual([
        expect.stringContaining(
          'Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection.',
        ),
        0,
      ]);
      expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
      expect(text).not.toContain('provided');
    }
  });

  const CANCEL = 'mutation { cancelRuns(ids: []) { runs { id } } }';
  it.each<[string, string, RequestInit, number, keyof typeof ERROR_CODES]>([
    ['no query by GET', '/graphql', { headers: STRICT }, 400, 'BAD_REQUEST'],
    ['variables by GET that are no JSON', search({ query: NAME, variables: '{' }), {}, 400, 'BAD_REQUEST'],
    ['an error as an event', search({ query: '{ nope }' }), EVENTS, 200, 'GRAPHQL_VALIDATION_FAILED'],
    ['another path', '/nowhere', {}, 404, 'NOT_FOUND'],
    ['PUT', '/graphql', { method: 'PUT', headers: JSON_TYPE, body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
    ['POST to another path', '/metrics', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a mutation by GET', search({ query: CANCEL }), { headers: STRICT }, 405, 'METHOD_NOT_ALLOWED'],
    ['an image', search({ query: NAME }), { headers: { accept: 'image/png' } }, 406, 'NOT_ACCEPTABLE'],
  ])('have their code and the id of the request, for %s', async (_name, path, init, status, code) => {
    await expectError(path, init, status, code);
  });

  it('name what can answer a subscription, for one that accepts multipart alone', async () => {
    const headers = { ...JSON_TYPE, accept: 'multipart/mixed' };
    const query = 'subscription { runEvents { kind } }';
    const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
    await expectError('/graphql', init, 406, 'NOT_ACCEPTABLE');
    expect((await send('/graphql', init)).text).toContain('`Accept: text/event-stream`');
  });

  it('show nothing of a body that is no JSON, nor the words of a parser', async () => {
    const { text } = await send('/graphql', post('{"query": secret'));
    expect(JSON.parse(text)).toMatchObject({ errors: [{ message: 'POST body sent invalid JSON.' }] });
    expect(text).not.toContain('secret');
  });
});

it('Cache-Control and Vary let nobody in between keep an answer', async () => {
  for (const path of [search({ query: NAME }), '/health', '/nowhere']) {
    const { response } = await send(path);
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (path.includes('query')) expect(response.headers.get('vary')).toContain('accept');
  }
});

it.each([
  ['is taken from the caller', 'abc-123', true],
  ['is made where there is none', undefined, false],
  ['is made where the given one could break a log', 'a b', false],
  ['is made where the given one is too long', 'x'.repeat(129), false],
])('x-request-id %s', async (_name, given, isKept) => {
  await using test = await openGateway({ runs: randomRuns(1, 1), script: () => ({ status: 422, body: {} }) });
  for (const path of ['/health', '/metrics', '/nowhere', search({ query: PAGE }), search({ query: '{' })]) {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    const response = await test.gateway.fetch(new Request(`http://gateway${path}`, { headers }));
    const echoed = response.headers.get('x-request-id');
    if (isKept) expect(echoed).toBe(given);
    else expect(echoed).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    if (!path.includes('runs')) continue;
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: echoed } }] });
    expect(test.upstream.requests[0]?.headers['x-request-id']).toBe(echoed);
  }
});
