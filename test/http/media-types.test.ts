import * as fc from 'fast-check';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { negotiate } from '../../src/http/graphql/media-types.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const HEADERS = { 'x-request-id': 'same' };
const JSON_TYPE = 'application/json; charset=utf-8';
const RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';

describe('An answer', () => {
  it.each<[accept: string, type: string, status: number, statusOfRequestErrors: number]>([
    ['*/*', JSON_TYPE, 200, 200],
    ['application/*', JSON_TYPE, 200, 200],
    ['application/json', JSON_TYPE, 200, 200],
    ['application/graphql-response+json', RESPONSE_TYPE, 200, 400],
    ['application/graphql-response+json, application/json', RESPONSE_TYPE, 200, 400],
    ['application/graphql-response+json; charset=utf-8, application/json', RESPONSE_TYPE, 200, 400],
    // Weights are not read: the first type that is known counts.
    ['application/json;q=0.5, application/graphql-response+json;q=0.9', JSON_TYPE, 200, 200],
    ['multipart/mixed, application/json', JSON_TYPE, 200, 200],
    ['multipart/mixed', 'multipart/mixed; boundary="-"', 200, 400],
    ['text/event-stream', 'text/event-stream', 200, 200],
    // As urql does.
    ['text/event-stream, multipart/mixed', 'text/event-stream', 200, 200],
    ['application/json; charset=latin1', 'application/json', 406, 406],
    ['text/html', 'application/json', 406, 406],
    ['nonsense', 'application/json', 406, 406],
  ])('to Accept: %s has the type %s, by Node as by fetch', async (accept, type, status, statusOfErrors) => {
    await using test = await startTestGateway({ runs: randomRuns(5, 2) });
    await using listener = await TRANSPORTS.listener(test.gateway);
    await using fetching = await TRANSPORTS.fetch(test.gateway);
    for (const [query, expected] of [
      ['{ runs(first: 2) { nodes { id } } }', status],
      ['{ runs(first: -1) { nodes { id } } }', status],
      ['{', statusOfErrors],
    ] as const) {
      const body = JSON.stringify({ query });
      const [byNode, byFetch] = await Promise.all(
        [listener, fetching].map(async (transport) => {
          const response = await postJson(transport, body, { ...HEADERS, accept });
          return [response.status, response.headers.get('content-type'), await response.text()];
        }),
      );
      expect(byNode?.slice(0, 2), query).toEqual([expected, type]);
      expect(byFetch).toEqual(byNode);
    }
  });
});

describe('What is negotiated', () => {
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
    logging: false,
    graphiql: false,
  });
  const types = [
    '*/*',
    '*',
    'application/*',
    'application/json',
    'APPLICATION/JSON',
    'application/json/x',
    '*/json',
    'application/graphql-response+json',
    'multipart/mixed',
    'multipart/*',
    'text/event-stream',
    'text/*',
    'text/html',
    'application/',
    '/json',
    'nonsense',
    '',
  ];
  const parameters = [
    '',
    ';q=0.5',
    ';q=0',
    ' ; q=1.0',
    ';charset=utf-8',
    '; charset=UTF-8',
    ';charset=latin1',
    ';q=0.2;charset=iso-8859-1',
    ';a="b,c"',
  ];
  const range = fc.tuple(fc.constantFrom(...types), fc.constantFrom(...parameters));
  const accepts = fc
    .array(
      range.map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .chain((ranges) => fc.constantFrom(',', ', ', ' ,').map((separator) => ranges.join(separator)));

  it('is what Yoga negotiates, but events where a client takes them and nothing better', async () => {
    await fc.assert(
      fc.asyncProperty(accepts, async (accept) => {
        const response = await yoga.fetch('http://gateway/graphql?query={a}', { headers: { accept } });
        await response.bytes();
        const type = response.status === 406 ? undefined : response.headers.get('content-type');
        const negotiated = negotiate(accept);
        const isJson = type?.startsWith('application/') === true;
        expect(negotiated.type).toBe(!isJson && negotiated.takesEvents ? 'text/event-stream' : type);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  it.each<[accept: string | undefined, takesEvents: boolean]>([
    [undefined, false],
    ['*/*', false],
    ['text/*', false],
    ['text/event-stream', true],
    ['application/json, Text/Event-Stream;q=0.1', true],
    ['text/event-stream;q=0', false],
    ['text/event-stream; q=0.000, application/json', false],
  ])('for Accept: %s lets a subscription have events: %s', (accept, takesEvents) => {
    expect(negotiate(accept).takesEvents).toBe(takesEvents);
  });
});
