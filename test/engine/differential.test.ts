import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RowLeaf } from '../../src/engine/rows/row-leaf.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { createRunsUpstream } from '../../src/upstream/letta/runs-upstream.ts';
import { post } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';
import { type RandomOperation, randomOperation } from './random-operations.ts';
import { type ReferenceAnswer, referenceAnswer } from './reference.ts';

/** Of which one page is a leaf and the other isn't: their errors keep their order all the same. */
const ERRORS_OF_TWO_KINDS: RandomOperation = {
  query:
    '{ a: runs(first: -1) { __typename } b: runs(statuses: [FAILED], active: true) { nodes { id agent { runs(first: 2) { nodes { id } } } } } }',
  variables: {},
};
/** Its argument is in no document that is executed. */
const WRONG_VARIABLE_LEFT_OUT: RandomOperation = {
  query:
    'query ($flag: Boolean, $on: Boolean!) { runs(background: $flag) @include(if: $on) { __typename } f: __typename }',
  variables: { flag: 'yes', on: false },
};
const HEADERS = { 'x-request-id': 'same' };
const ACCEPTS = ['application/json', 'application/graphql-response+json'];

/** One spelling for all numbers and strings: rows that are copied keep theirs. */
function spelledAnew(answer: string): string {
  return JSON.stringify(parseJson(answer));
}

async function answerOf(response: Response): Promise<ReferenceAnswer & { readonly type: string | null }> {
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: spelledAnew(await response.text()),
  };
}

/** The answers to one body by Node's http module and by fetch. */
async function answersOf(gateway: Gateway, body: string, accept: string) {
  await using listener = await TRANSPORTS.listener(gateway);
  await using fetching = await TRANSPORTS.fetch(gateway);
  const headers = { ...HEADERS, accept };
  return [
    await answerOf(await postJson(listener, body, headers)),
    await answerOf(await postJson(fetching, body, headers)),
  ] as const;
}

function getPath({ query, operationName, variables }: RandomOperation): string {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  if (operationName !== undefined) search.set('operationName', operationName);
  return `/graphql?${search}`;
}

describe('The engine answers as graphql-js does over the served schema', () => {
  it('random operations, right and wrong, get the same data, order of keys, errors, status and type', async () => {
    const runs = randomRuns(40, 17);
    // The reference has no limits.
    const maxCost = 1e9;
    await using copying = await startTestGateway({ runs, config: { maxCost } });
    const { upstreamUrl } = copying.gateway;
    await using resolving = await createGateway({ upstreamUrl, maxCost, rowCopying: false });
    await using upstream = createRunsUpstream({ baseUrl: upstreamUrl, timeoutMs: 10_000, maxBytes: 1e8 });
    await using listener = await TRANSPORTS.listener(copying.gateway);
    await using fetching = await TRANSPORTS.fetch(copying.gateway);
    await using off = await TRANSPORTS.listener(resolving);
    const leaves = vi.spyOn(RowLeaf.prototype, 'writeTo');
    const counts = { all: 0, withLeaves: 0, withData: 0, withErrors: 0 };
    await fc.assert(
      fc.asyncProperty(
        randomOperation(runs.map(({ id }) => id)),
        fc.constantFrom(...ACCEPTS),
        async (operation, accept) => {
          const reference = await referenceAnswer(upstream, operation, accept);
          const expected = {
            status: reference.status,
            type: `${accept}; charset=utf-8`,
            body: spelledAnew(reference.body),
          };
          const body = JSON.stringify(operation);
          const headers = { ...HEADERS, accept };
          const before = leaves.mock.calls.length;
          expect(await answerOf(await postJson(listener, body, headers))).toEqual(expected);
          counts.all++;
          if (leaves.mock.calls.length > before) counts.withLeaves++;
          if (expected.body.includes('"data":{')) counts.withData++;
          if (expected.body.startsWith('{"errors"')) counts.withErrors++;
          expect(await answerOf(await fetching.send(getPath(operation), { headers }))).toEqual(expected);
          expect(await answerOf(await postJson(off, body, headers))).toEqual(expected);
        },
      ),
      {
        numRuns: propertyRuns(250),
        examples: [
          [ERRORS_OF_TWO_KINDS, 'application/json'],
          [WRONG_VARIABLE_LEFT_OUT, 'application/json'],
        ],
      },
    );
    leaves.mockRestore();
    // The comparison is about something.
    expect(counts.withLeaves).toBeGreaterThan(counts.all / 2);
    expect(counts.withData).toBeGreaterThan(counts.all / 2);
    expect(counts.withErrors).toBeGreaterThan(counts.all / 10);
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
  ])('metadata with %s has the same value with and without row copying', async (_name, metadata) => {
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
    await using resolving = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying: false });
    const query = JSON.stringify({ query: '{ runs(first: 1) { nodes { metadata callbackError } } }' });
    const answer = await post(gateway, query, HEADERS);
    // The same values. Rows that are copied keep the spelling, resolvers write values anew.
    expect(spelledAnew(answer)).toBe(await post(resolving, query, HEADERS));
    const text = isUtf8(value) ? value.toString() : '"\ufffd\ufffd(\ufffd"';
    expect(answer).toContain(`"metadata":{"m":${text}}`);
  });

  const PAGE = '{ runs(first: 1) { nodes { id } } }';
  const TWO = `query A ${PAGE} query B { __typename }`;

  it.each<[string, RandomOperation & Record<string, unknown>]>([
    ['one of two operations', { query: TWO, operationName: 'A', variables: {} }],
    ['the other of two operations', { query: TWO, operationName: 'B', variables: {} }],
    ['an operation that is not there', { query: TWO, operationName: 'C', variables: {} }],
    ['no operation of two', { query: TWO, variables: {} }],
    ['a mutation', { query: 'mutation { x }', variables: {} }],
    ['introspection', { query: '{ __schema { queryType { name fields { name } } } }', variables: {} }],
    ['extensions', { query: PAGE, variables: {}, extensions: { x: 1 } }],
  ])('a request with %s gets the same answer', async (_name, operation) => {
    await using test = await startTestGateway({ runs: randomRuns(5, 2) });
    await using source = createRunsUpstream({
      baseUrl: test.gateway.upstreamUrl,
      timeoutMs: 10_000,
      maxBytes: 1e6,
    });
    for (const accept of ACCEPTS) {
      const { status, body } = await referenceAnswer(source, operation, accept);
      const expected = { status, type: `${accept}; charset=utf-8`, body: spelledAnew(body) };
      expect(await answersOf(test.gateway, JSON.stringify(operation), accept)).toEqual([expected, expected]);
    }
  });

  it('failures of the upstream get the same answer', async () => {
    for (const answer of [
      answerWith(401, '{}'),
      answerWith(429, '{}', { 'retry-after': '3600' }),
      answerWith(200, '{'),
    ]) {
      await using upstream = await startRawUpstream(answer);
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      await using source = createRunsUpstream({
        baseUrl: upstream.baseUrl,
        timeoutMs: 10_000,
        maxBytes: 1e6,
      });
      const operation = {
        query: 'query Q { a: runs(first: 1) { nodes { id } } __typename }',
        variables: {},
      };
      const text = await post(gateway, JSON.stringify(operation), HEADERS);
      expect(text).toContain('"requestId":"same"');
      expect(text).toBe((await referenceAnswer(source, operation, 'application/json')).body);
    }
  });
});
