import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { type AccessOptions, createAccess, type SentHeaders } from '../../src/http/graphql/access.ts';
import { listen } from '../../src/http/server/listen.ts';
import { sendRaw } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const QUERY = JSON.stringify({ query: '{ runs(first: 1) { nodes { id } } }' });

const OWN = new Set(['host', 'connection', 'accept', 'accept-encoding', 'user-agent', 'x-request-id']);

/** The headers of a request upstream that aren't the same for all, by names in lower case. */
function headersOf(head = ''): Record<string, string> {
  const lines = head.split('\r\n').slice(1);
  const headers = lines.map((line): [string, string] => {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(headers.filter(([name]) => !OWN.has(name)));
}

/** What a gateway that is set up like this sends upstream for a request with these headers. */
async function sentUpstream(
  way: keyof typeof TRANSPORTS,
  config: Partial<Config>,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  await using upstream = await startRawUpstream(answerWith(200, '[]'));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, ...config });
  await using transport = await TRANSPORTS[way](gateway);
  const response = await postJson(transport, QUERY, headers);
  expect(await response.json()).toEqual({ data: { runs: { nodes: [] } } });
  return headersOf(upstream.heads[0]);
}

const KEY = { apiKey: 'key' };
const PROJECT = { project: 'ours' };
const BOTH = { project: 'ours', projectId: 'project-ours' };
const TOKENS = { accessTokens: ['token'], apiKey: 'key' };
const BY_KEY = { authorization: 'Bearer key' };
const MINE = { authorization: 'Bearer mine' };
const TOKEN = { authorization: 'Bearer token' };

describe.each(['listener', 'fetch'] as const)('By %s', (way) => {
  it.each<[string, Partial<Config>, Record<string, string>, Record<string, string>]>([
    ['a project goes upstream', {}, { 'x-project': 'p' }, { 'x-project': 'p' }],
    ['so does its id', {}, { 'X-PROJECT-ID': 'i' }, { 'x-project-id': 'i' }],
    ['and both with a key', KEY, { 'x-project': 'p' }, { ...BY_KEY, 'x-project': 'p' }],
    ['and with a token', TOKENS, { ...TOKEN, 'x-project': 'p' }, { ...BY_KEY, 'x-project': 'p' }],
    ['the gateway names its own for who names none', PROJECT, {}, { 'x-project': 'ours' }],
    ['by name and id', BOTH, {}, { 'x-project': 'ours', 'x-project-id': 'project-ours' }],
    ['without a key, for any credentials', PROJECT, MINE, { ...MINE, 'x-project': 'ours' }],
    ['with a key, for who goes by it', { ...KEY, ...PROJECT }, {}, { ...BY_KEY, 'x-project': 'ours' }],
    ['not for who brings credentials instead', { ...KEY, ...PROJECT }, MINE, MINE],
    ['with tokens, for all', { ...TOKENS, ...PROJECT }, TOKEN, { ...BY_KEY, 'x-project': 'ours' }],
    ['not for who names one', BOTH, { 'x-project': 'p' }, { 'x-project': 'p' }],
    ['not for who names one by id', BOTH, { 'x-project-id': 'i' }, { 'x-project-id': 'i' }],
    ['nor for who names an empty one', BOTH, { 'x-project': '' }, { 'x-project': '' }],
    [
      'a token never goes upstream',
      { accessTokens: ['token'], forwardHeaders: ['Authorization'] },
      TOKEN,
      {},
    ],
    ['others stay', {}, { user_id: 'u', cookie: 'c=1', 'x-tenant': 't', 'x-project-name': 'n' }, {}],
    [
      'those that an operator adds go too',
      { forwardHeaders: ['X-Tenant', 'constructor', 'authorization'] },
      { ...MINE, 'x-tenant': 't', 'x-other': 'o' },
      { ...MINE, 'x-tenant': 't' },
    ],
    [
      'as bytes, whatever they say',
      { forwardHeaders: ['x-tenant'] },
      { 'x-tenant': 'M\u00fcller, {"a": [1]}; \\"' },
      { 'x-tenant': 'M\u00fcller, {"a": [1]}; \\"' },
    ],
  ])('%s', async (_name, config, headers, expected) => {
    expect(await sentUpstream(way, config, headers)).toEqual(expected);
  });
});

describe('By WebSocket', () => {
  it.each<[string, Record<string, unknown>, Record<string, string>, Record<string, string> | string]>([
    ['in the message that opens it', { 'x-project': 'p' }, {}, { 'x-project': 'p' }],
    ['there, with capital letters', { 'X-Project-Id': 'i' }, {}, { 'x-project-id': 'i' }],
    [
      'in both cases, of which lower case counts',
      { 'X-Project': 'P', 'x-project': 'p' },
      {},
      { 'x-project': 'p' },
    ],
    ['in the header', {}, { 'x-project': 'p' }, { 'x-project': 'p' }],
    [
      'in the header, and null in the message',
      { 'x-project': null },
      { 'x-project': 'p' },
      { 'x-project': 'p' },
    ],
    [
      'in both, of which the message counts',
      { 'x-project': 'p' },
      { 'x-project': 'q' },
      { 'x-project': 'p' },
    ],
    [
      'one here and one there',
      { 'x-project': 'p', authorization: 'a' },
      { 'x-tenant': 't' },
      { 'x-project': 'p', authorization: 'a', 'x-tenant': 't' },
    ],
    ['an empty one', { 'x-project': '' }, { 'x-project': 'q' }, { 'x-project': '' }],
    ['none, which is that of the gateway', {}, {}, { 'x-project': 'ours' }],
    [
      'others, which stay',
      { ['__proto__']: 'x', cookie: 'c', user_id: 'u', 'x-project-id': 'i' },
      {},
      { 'x-project-id': 'i' },
    ],
    ['no text', { 'x-project': 7 }, {}, 'Invalid header x-project: expected text'],
    ['what is no header', { 'x-tenant': 'a\r\nuser_id: u' }, {}, 'Invalid header x-tenant: expected text'],
    ['beyond a byte', { 'x-project': 'проект' }, {}, 'Invalid header x-project: expected text'],
    [
      'more than can be sent',
      { 'x-tenant': 't'.repeat(17_000) },
      {},
      'The headers that go to the runs API have more than 16384 bytes',
    ],
  ])('%s', async (_name, init, headers, expected) => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    const config = { forwardHeaders: ['x-tenant'], project: 'ours' };
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, ...config });
    await using listener = await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 1000 });
    await using socket = await openSocket(`${listener.url}/graphql`, init, headers);
    if (typeof expected === 'string') {
      const [code, reason] = await once(socket.client, 'close');
      expect([code, String(reason)]).toEqual([4403, expect.stringContaining(expected)]);
      return expect(upstream.heads).toEqual([]);
    }
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ runs(first: 1) { nodes { id } } }' } });
    expect(await socket.next()).toMatchObject({ payload: { data: { runs: { nodes: [] } } } });
    expect(headersOf(upstream.heads[0])).toEqual(expected);
  });
});

it('A header that no client can send over HTTP is refused by name, before the body is read', async () => {
  await using upstream = await startRawUpstream(answerWith(200, '[]'));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, forwardHeaders: ['x-tenant'] });
  const send = (headers: Record<string, string>) =>
    gateway.fetch(new Request('http://gateway/graphql?query={runs{nodes{id}}}', { headers }));
  for (const [headers, status, message] of [
    [{ 'x-project': 'a\u0001b' }, 400, 'Invalid header x-project: expected text without control characters'],
    [{ 'x-tenant': 'a\u007fb' }, 400, 'Invalid header x-tenant: '],
    [
      { 'x-project': 'p'.repeat(10_000), 'x-project-id': 'p'.repeat(10_000) },
      431,
      'have more than 16384 bytes',
    ],
  ] as const) {
    const response = await send(headers);
    expect(response.status).toBe(status);
    const { errors } = await response.json();
    expect(errors).toEqual([
      {
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_REQUEST', requestId: expect.any(String), retryable: false },
      },
    ]);
  }
  expect(upstream.heads).toEqual([]);
});

it('One that is sent twice goes as one, as it does by the fetch standard', async () => {
  await using upstream = await startRawUpstream(answerWith(200, '[]'));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  await using listener = await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 1000 });
  const line = 'GET /graphql?query={runs{nodes{id}}} HTTP/1.1';
  const answer = await sendRaw(listener.url, [line, 'host: localhost', 'X-Project: a', 'x-project: b']);
  expect(answer).toContain('{"data":{"runs":{"nodes":[]}}}');
  expect(headersOf(upstream.heads[0])).toEqual({ 'x-project': 'a, b' });
});

describe('The key of a caller', () => {
  const access = (options: Partial<AccessOptions> = {}) =>
    createAccess({
      accessTokens: [],
      readOnlyAccessTokens: [],
      routerSecrets: [],
      apiKey: undefined,
      project: undefined,
      projectId: undefined,
      forwardHeaders: ['x-tenant', 'x-user'],
      ...options,
    });
  const credentialsOf = (sent: SentHeaders, options?: Partial<AccessOptions>) => {
    const credentials = access(options).authorize(sent);
    if (typeof credentials === 'function') throw new Error(credentials.message);
    return credentials;
  };

  /** Values that look like each other, and like parts of keys. */
  const value = fc.oneof(
    fc.constantFrom('', 'null', 'undefined', 'a', 'b', 'a, b', '"', '","', '\\', ']', '["a"]', 'null,null'),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', ':', ' ', '\u00ff'), maxLength: 6 }),
  );
  const sentHeaders = fc.record(
    { authorization: value, 'x-project': value, 'x-project-id': value, 'x-tenant': value, 'x-user': value },
    { requiredKeys: [] },
  );

  it('is the same exactly for those who send the same headers', () => {
    fc.assert(
      fc.property(sentHeaders, sentHeaders, (one, other) => {
        const [mine, yours] = [credentialsOf(one), credentialsOf(other)];
        const isSame = isDeepStrictEqual(mine.headers, yours.headers);
        expect(mine.callerKey === yours.callerKey).toBe(isSame);
        expect(mine.account === yours.account).toBe(one.authorization === other.authorization);
      }),
      {
        numRuns: 1000,
        examples: [
          [{}, { 'x-project': 'null' }],
          [{ 'x-project': 'a' }, { 'x-project-id': 'a' }],
        ],
      },
    );
  });

  it('differs between tokens, though they go upstream with the same key', () => {
    const options = { accessTokens: ['one', 'two'], apiKey: 'key' };
    const [one, two] = ['one', 'two'].map((token) =>
      credentialsOf({ authorization: `Bearer ${token}` }, options),
    );
    expect(one?.headers).toEqual({ authorization: 'Bearer key' });
    expect(two?.headers).toEqual(one?.headers);
    expect(two?.callerKey).not.toBe(one?.callerKey);
    expect(two?.account).not.toBe(one?.account);
  });

  it('is the same for who names the project of the gateway as for who names none', () => {
    const options = { project: 'ours' };
    const named = credentialsOf({ 'x-project': 'ours' }, options);
    expect(credentialsOf({}, options)).toEqual(named);
  });
});
