import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { readGraphqlGet, readGraphqlPost } from '../../src/http/graphql/graphql-request.ts';
import { objectTexts } from '../json/json-texts.ts';
import { exactOf, parseExactly } from '../support/exact-json.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const PAGE = '{ runs(first: 1) { nodes { id } } }';
const HEADERS = { accept: 'application/graphql-response+json', 'x-request-id': 'same' };
const EMPTY_PAGE = { data: { runs: { nodes: [] } } };

function badRequest(message: string): object {
  const extensions = { code: 'BAD_REQUEST', requestId: 'same', retryable: false };
  return { errors: [{ message, extensions }] };
}

describe.each(['listener', 'fetch'] as const)('A request by %s', (way) => {
  it.each<[string, object, number, object]>([
    ['variables and extensions', { query: PAGE, variables: {}, extensions: { x: 1 } }, 200, EMPTY_PAGE],
    [
      'null for all that may be null',
      { query: PAGE, variables: null, operationName: null, extensions: null },
      200,
      EMPTY_PAGE,
    ],
    [
      'a list of variables',
      { query: PAGE, variables: [] },
      400,
      badRequest('Expected "variables" param to be empty or an object, but given array.'),
    ],
    [
      'an unknown parameter',
      { query: PAGE, queryId: 'x' },
      400,
      badRequest('Unexpected parameter "queryId" in the request body.'),
    ],
    ['no query', { variables: {} }, 400, badRequest('Must provide query string.')],
    [
      'a query that is not a text',
      { query: 7 },
      400,
      badRequest('Expected "query" param to be a string, but given number.'),
    ],
    [
      'an operation name that is not a text',
      { query: PAGE, operationName: 7 },
      400,
      badRequest('Expected "operationName" param to be a string.'),
    ],
  ])('with %s is answered as GraphQL over HTTP says', async (_name, request, status, body) => {
    await using test = await startTestGateway();
    await using transport = await TRANSPORTS[way](test.gateway);
    const response = await postJson(transport, JSON.stringify(request), HEADERS);
    expect([response.status, await response.json()]).toEqual([status, body]);
  });
});

describe('Variables', () => {
  it.each<[string, (variables: string) => ReturnType<typeof readGraphqlPost>]>([
    ['a POST', (variables) => readGraphqlPost(`{"query":"{ a }","variables":${variables}}`)],
    ['a GET', (variables) => readGraphqlGet(`query={a}&variables=${encodeURIComponent(variables)}`)],
  ])('of %s have the keys that were sent, whatever others have sent before', (_name, read) => {
    fc.assert(
      fc.property(objectTexts, (variables) => {
        const request = read(variables);
        if (request instanceof GatewayError) throw request;
        expect(exactOf(request.variables)).toEqual(parseExactly(variables));
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});

describe('A GET', () => {
  it.each<[string, string]>([
    ['a parameter twice, of which the first counts', 'query={a}&query={b}'],
    ['an empty parameter, which counts as absent', 'query={a}&operationName=&variables=&documentId='],
    ['an empty parameter before another, which counts all the same', 'query={a}&variables=&variables={'],
    ['unknown parameters, which are ignored', 'query={a}&foo=1&foo=2&__proto__=3'],
    ['an encoded number sign', 'query={a}&foo=%23'],
  ])('is read with %s', (_name, search) => {
    expect(readGraphqlGet(search)).toEqual({
      document: { query: '{a}' },
      variables: {},
      operationName: undefined,
    });
  });
});

it('A POST is read with unknown parameters that are null', () => {
  expect(readGraphqlPost('{"query":"{a}","foo":null,"__proto__":null}')).toMatchObject({
    document: { query: '{a}' },
  });
  expect(readGraphqlPost('{"query":"{a}","foo":0}')).toBeInstanceOf(GatewayError);
});

it.each<[string, string]>([
  ['', 'The request contains invalid JSON.'],
  ['7', 'Expected params to be an object but given number.'],
  ['null', 'Expected params to be an object but given null.'],
  ['[{"query":"{a}"}]', 'Batching is not supported.'],
  ['{"query":[]}', 'Expected "query" param to be a string, but given array.'],
  [
    '{"query":"{a}","extensions":"x"}',
    'Expected "extensions" param to be empty or an object, but given string.',
  ],
  ['{"documentId":""}', 'Expected "documentId" to be a text.'],
  ['{"documentId":"x","doc_id":"y"}', 'Expected one of "documentId" and "doc_id", but got both.'],
])('A POST of %s is told what is wrong with it', (body, message) => {
  expect(readGraphqlPost(body)).toMatchObject({ message, code: 'BAD_REQUEST' });
});
