import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { parseJson } from '../../src/wire/parse-json.ts';
import { viaFetch, viaShortWay } from '../support/execute.ts';
import { randomRuns } from '../support/random-runs.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { randomOperation } from './random-operations.ts';

function spelledAnew(answer: string): string {
  return JSON.stringify(parseJson(answer));
}

const HEADERS = { 'x-request-id': 'same' };

describe('The short way and the reference executor give the same answer, byte for byte,', () => {
  it('to random operations, right and wrong', async () => {
    await using test = await startTestGateway({ runs: randomRuns(40, 17) });
    let short = 0;
    let withErrors = 0;
    await fc.assert(
      fc.asyncProperty(randomOperation, async (operation) => {
        const body = JSON.stringify(operation);
        const answer = await viaShortWay(test.gateway, body, HEADERS);
        if (answer === undefined) return;
        short++;
        if (answer.startsWith('{"errors"')) withErrors++;
        expect(answer).toBe(await viaFetch(test.gateway, body, HEADERS));
      }),
      { numRuns: 3000 },
    );
    // The comparison is about something.
    expect(short).toBeGreaterThan(800);
    expect(withErrors).toBeGreaterThan(200);
  }, 120_000);

  it.each([
    [
      'one of two operations',
      { query: 'query A { runs(first: 1) { nodes { id } } } query B { __typename }', operationName: 'A' },
    ],
    [
      'the other of two operations',
      { query: 'query A { runs(first: 1) { nodes { id } } } query B { __typename }', operationName: 'B' },
    ],
    ['an operation that is not there', { query: 'query A { runs { nodes { id } } }', operationName: 'B' }],
    ['no operation of two', { query: 'query A { runs { nodes { id } } } query B { __typename }' }],
    ['a list of variables', { query: '{ runs { nodes { id } } }', variables: [] }],
    ['extensions', { query: '{ runs(first: 1) { nodes { id } } }', extensions: { x: 1 } }],
    ['an unknown parameter', { query: '{ runs(first: 1) { nodes { id } } }', queryId: 'x' }],
    [
      'null for all that may be null',
      {
        query: '{ runs(first: 1) { nodes { id } } }',
        variables: null,
        operationName: null,
        extensions: null,
      },
    ],
    ['no query', { variables: {} }],
    ['a query that is none', { query: 7 }],
    ['a mutation', { query: 'mutation { x }' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
  ])('to %s', async (_name, json) => {
    await using test = await startTestGateway({ runs: randomRuns(5, 2) });
    const body = JSON.stringify(json);
    const answer = await viaShortWay(test.gateway, body, HEADERS);
    if (answer !== undefined) expect(answer).toBe(await viaFetch(test.gateway, body, HEADERS));
  });

  it.each<[string, string | Buffer]>([
    ['every plane of Unicode', '"é ß 逃げ水 😀 \u2028 \u0080 ÿ"'],
    ['escapes', String.raw`"\u00e9 \u9003 \ud83d\ude00 \u0041 \u0000 \u001f \n \" \\ \/ \\u00e9"`],
    ['an escape behind a backslash', String.raw`"\\\u00e9 \\\\u00e9"`],
    [
      'pairs of escapes and halves of them',
      String.raw`"\ud83d \ude00 \ud83dx \ud83d\ud83d\ude00 \u00e9\ud83d"`,
    ],
    ['escapes among bytes', String.raw`"é\u00e9😀\ud83d\ude00"`],
    ['escaped keys', String.raw`{"\u00e9":{"\ud83d\ude00":1}}`],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x22])],
    ['numbers of all kinds', '[9007199254740993,-0,1e400,1.0,0.1,12345678901234567890123,1e3]'],
    [
      'keys that mean something to JavaScript',
      '{"__proto__":1,"constructor":2,"toJSON":3,"length":0,"1":1,"0":0}',
    ],
    ['the same key twice', '{"a":1,"a":2}'],
    ['depth', `${'['.repeat(200)}${']'.repeat(200)}`],
  ])('to metadata with %s', async (_name, metadata) => {
    const [head, tail] = [
      '[{"id":"run-1","agent_id":"agent-1","created_at":"2025-01-01T00:00:00Z","callback_error":',
      '}]',
    ];
    const value = Buffer.from(metadata);
    const inner = value[0] === 0x22 ? value : Buffer.from('"x"');
    const body = Buffer.concat([
      Buffer.from(head),
      inner,
      Buffer.from(',"metadata":{"m":'),
      value,
      Buffer.from('}'),
      Buffer.from(tail),
    ]);
    await using upstream = await startRawUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const query = JSON.stringify({ query: '{ runs(first: 1) { nodes { metadata callbackError } } }' });
    const answer = await viaShortWay(gateway, query, HEADERS);
    // The same values. The short way keeps the spelling, where the other writes values anew.
    expect(spelledAnew(answer ?? '')).toBe(await viaFetch(gateway, query, HEADERS));
    const text = isUtf8(value) ? value.toString() : '"\ufffd\ufffd(\ufffd"';
    expect(answer).toContain(`"metadata":{"m":${text}}`);
  });

  it.each([
    undefined,
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json',
    'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
    'application/json;q=0.5, application/graphql-response+json;q=0.9',
    'application/json; charset=latin1',
    'text/html',
    'text/event-stream',
    'multipart/mixed, application/json',
    'application/*',
    'nonsense',
  ])('in the media type of Accept: %s', async (accept) => {
    await using test = await startTestGateway({ runs: randomRuns(5, 2) });
    for (const query of ['{ runs(first: 2) { nodes { id } } }', '{ runs(first: -1) { nodes { id } } }']) {
      const body = JSON.stringify({ query });
      const signal = new AbortController().signal;
      const post = { body, accept, authorization: undefined, requestId: 'same', signal };
      const answer = await test.gateway.answerPost(post);
      if (answer === undefined) continue;
      const reference = await test.gateway.fetch(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...HEADERS,
            ...(accept !== undefined && { accept }),
          },
          body,
        }),
      );
      expect({
        status: answer.status,
        ...answer.headers,
        body: Buffer.concat(answer.body).toString(),
      }).toEqual({
        status: reference.status,
        'content-type': reference.headers.get('content-type'),
        'x-request-id': 'same',
        body: await reference.text(),
      });
    }
  });

  it('to failures of the upstream', async () => {
    for (const answer of [
      answerWith(401, '{}'),
      answerWith(429, '{}', { 'retry-after': '3600' }),
      answerWith(200, '{'),
    ]) {
      await using upstream = await startRawUpstream(answer);
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      const query = JSON.stringify({ query: 'query Q { a: runs(first: 1) { nodes { id } } __typename }' });
      const text = await viaShortWay(gateway, query, HEADERS);
      expect(text).toContain('"requestId":"same"');
      expect(text).toBe(await viaFetch(gateway, query, HEADERS));
    }
  });
});
