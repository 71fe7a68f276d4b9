import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createAccess } from '../../src/http/graphql/access.ts';
import { problemsOf } from '../commands/problems-of.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const CONFIG = { accessTokens: ['first-token', 'second-token'], apiKey: 'upstream-key' };
const QUERY = 'http://gateway/graphql?query={runs{nodes{id}}}';

describe('With access tokens', () => {
  it.each<[string, Record<string, string>, number]>([
    ['the first token', { authorization: 'Bearer first-token' }, 200],
    ['the second token', { authorization: 'bearer  second-token' }, 200],
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer third-token' }, 401],
    ['half a token', { authorization: 'Bearer first-' }, 401],
    ['two tokens', { authorization: 'Bearer first-token second-token' }, 401],
    ['all tokens as they are configured', { authorization: 'Bearer first-token,second-token' }, 401],
    ['the key of the upstream', { authorization: 'Bearer upstream-key' }, 401],
    ['another scheme', { authorization: 'Basic first-token' }, 401],
    ['an empty token', { authorization: 'Bearer ' }, 401],
  ])('a caller with %s is answered as it should', async (_name, headers, status) => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ ...CONFIG, upstreamUrl: upstream.baseUrl });
    const response = await gateway.fetch(new Request(QUERY, { headers }));
    expect(response.status).toBe(status);
    if (status === 200) {
      expect(await response.json()).toEqual({ data: { runs: { nodes: [] } } });
      // The upstream never sees a caller's token.
      expect(upstream.heads[0]).toContain('authorization: Bearer upstream-key');
    } else {
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({
        errors: [
          {
            message: 'An access token is required. Send one as Authorization: Bearer <token>.',
            extensions: {
              code: 'UNAUTHENTICATED',
              requestId: response.headers.get('x-request-id'),
              retryable: false,
            },
          },
        ],
      });
      expect(upstream.heads).toEqual([]);
    }
  });

  it('health, readiness and the page for browsers are for everybody', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '{}'));
    await using gateway = await createGateway({ ...CONFIG, upstreamUrl: upstream.baseUrl });
    const status = async (path: string) => (await gateway.fetch(new Request(`http://gateway${path}`))).status;
    expect([await status('/health'), await status('/ready'), await status('/metrics')]).toEqual([
      200, 200, 401,
    ]);
    const page = new Request('http://gateway/graphql', { headers: { accept: 'text/html' } });
    expect((await gateway.fetch(page)).headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('a browser that asks for HTML can not get runs that way', async () => {
    await using gateway = await createGateway({ ...CONFIG, sampleRuns: true });
    const response = await gateway.fetch(
      new Request(QUERY, { headers: { accept: 'text/html, application/json' } }),
    );
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });
});

describe('The key of the gateway', () => {
  const start = (host: string, env: Record<string, string>, flags: Record<string, string> = {}) =>
    readConfig({ host, ...flags }, { LETTA_API_KEY: 'sk-1', ...env });

  it.each(['0.0.0.0', '::', '10.0.0.7', 'gateway.internal'])('is not lent to whoever reaches %s', (host) => {
    expect(() => start(host, {})).toThrow(ConfigError);
    expect(() => start(host, {})).toThrow(
      `HOST: ${host} exposes the gateway to the network, and anyone who reaches it could read everything that LETTA_API_KEY can, and cancel runs; set ACCESS_TOKENS, listen on 127.0.0.1, or pass --allow-anonymous if that is intended`,
    );
    expect(start(host, { ACCESS_TOKENS: 'a, b' }).accessTokens).toEqual(['a', 'b']);
    expect(start(host, { READ_ONLY_ACCESS_TOKENS: 'a' }).host).toBe(host);
    expect(start(host, {}, { 'allow-anonymous': '' }).host).toBe(host);
    // Without a key there is nothing to lend.
    expect(readConfig({ host, 'sample-runs': 'on' }, {}).host).toBe(host);
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])(
    'may be used by all of this machine at %s',
    (host) => {
      expect(start(host, {}).host).toBe(host);
    },
  );

  it('does not go with tokens that are none', () => {
    expect(() => start('0.0.0.0', { ACCESS_TOKENS: 'a,,b' })).toThrow(
      'ACCESS_TOKENS: expected tokens of visible ASCII characters, each with or without a label, such as alice:TOKEN, separated by commas, but got something else (not shown)',
    );
  });
});

describe('A label', () => {
  const access = createAccess({
    accessTokens: ['alice:one', 'alice:two', 'bob:one:two', 'plain', '-/:x'],
    readOnlyAccessTokens: ['ci.read-only_1:three'],
    routerSecrets: [],
    apiKey: 'key',
    project: undefined,
    projectId: undefined,
    forwardHeaders: [],
  });
  const credentialsOf = (token: string) => {
    const credentials = access.authorize({ authorization: `Bearer ${token}` });
    return typeof credentials === 'function' ? undefined : credentials;
  };

  it('is what stands before the first colon of a token, and not sent with it', () => {
    expect(credentialsOf('one')).toMatchObject({ label: 'alice', isReadOnly: false });
    expect(credentialsOf('one:two')).toMatchObject({ label: 'bob', isReadOnly: false });
    expect(credentialsOf('plain')).toMatchObject({ label: undefined, isReadOnly: false });
    expect(credentialsOf('-/:x')).toMatchObject({ label: undefined });
    expect(credentialsOf('three')).toMatchObject({ label: 'ci.read-only_1', isReadOnly: true });
    for (const token of ['alice:one', 'bob:one:two', 'x', 'two:x', 'alice', 'alice:plain', '']) {
      expect(credentialsOf(token)).toBeUndefined();
    }
  });

  it('makes those who send one of its tokens one caller, and nobody else', () => {
    const keys = ['one', 'two', 'one:two', 'plain', 'three'].map((token) => credentialsOf(token)?.callerKey);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
    expect(JSON.stringify(keys)).not.toMatch(/one|two|plain|three/);
  });

  it('names tokens that are listed twice, which are not shown', () => {
    const start = (tokens: string, others = '') =>
      problemsOf(() => readConfig({}, { ACCESS_TOKENS: tokens, READ_ONLY_ACCESS_TOKENS: others }));
    const problem = (both: string) => [
      `ACCESS_TOKENS, READ_ONLY_ACCESS_TOKENS: ${both}; list each token once`,
    ];
    expect(start('alice:x,bob:x')).toEqual(problem('alice and bob are the same token'));
    expect(start('alice:x', 'alice:x')).toEqual(problem('alice is listed twice'));
    expect(start('x,alice:x')).toEqual(problem('a token without a label and alice are the same token'));
    expect(start('x,x')).toEqual(problem('a token without a label is listed twice'));
    expect(start('alice:x,alice:y', 'bob:z')).toEqual([]);
    // A variable that is empty where the tokens were written.
    expect(start('alice:')).toEqual([
      expect.stringMatching(/^ACCESS_TOKENS: .*something else \(not shown\)$/),
    ]);
    expect(start('', 'x')).toEqual([]);
  });
});

describe('The credentials of a connection', () => {
  const access = createAccess({
    accessTokens: [],
    readOnlyAccessTokens: [],
    routerSecrets: [],
    apiKey: undefined,
    project: undefined,
    projectId: undefined,
    forwardHeaders: ['constructor', 'x-tenant'],
  });

  it('are made once as long as the headers are the same, and go with each of them', () => {
    const connection = {};
    const same = { authorization: 'Bearer a', 'x-tenant': 'one' };
    expect(access.authorize({ ...same }, connection)).toBe(access.authorize({ ...same }, connection));
    const others: Record<string, unknown>[] = [
      {},
      { authorization: 'Bearer a' },
      { ...same, 'x-tenant': 'two' },
      { ...same, 'x-tenant': '' },
      { ...same, 'x-project': 'p' },
      { ...same, constructor: 'own' },
      { ...same, 'x-tenant': ['one'] },
      same,
    ];
    for (const sent of others) {
      const onItsOwn = access.authorize(sent);
      if (typeof onItsOwn === 'function') expect(access.authorize(sent, connection)).toBeTypeOf('function');
      else expect(access.authorize(sent, connection)).toEqual(onItsOwn);
    }
  });
});
