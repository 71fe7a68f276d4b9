import { describe, expect, it } from 'vitest';
import { createMediaTypes } from '../../src/http/graphql/media-types.ts';
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

it('A type is asked for once, even if the gateway refuses the query', async () => {
  let asked = 0;
  const types = createMediaTypes(async () => {
    asked++;
    return new Response('{}', { status: 400, headers: { 'content-type': RESPONSE_TYPE } });
  });
  for (let times = 0; times < 3; times++) {
    expect(types.known('*/*') ?? (await types.ask('*/*'))).toBe(RESPONSE_TYPE);
  }
  expect(asked).toBe(1);
});

it('Those used last are remembered, however many are made up in between', async () => {
  const asked: (string | undefined)[] = [];
  const types = createMediaTypes(async (accept) => {
    asked.push(accept);
    return new Response('{}', { headers: { 'content-type': RESPONSE_TYPE } });
  });
  for (let number = 0; number < 500; number++) {
    await types.ask(`made/up-${number}`);
    if (types.known('*/*') === undefined) await types.ask('*/*');
  }
  expect(asked.filter((accept) => accept === '*/*')).toHaveLength(1);
});
