import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../src/access/access.ts';
import { defaults } from '../../../src/config/gateway-settings.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import type { Headers } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { readConfig } from '../../support/read-config.ts';

const QUERY = '{ runs(first: 1) { nodes { id } } }';
const HTML = { accept: 'text/html, application/json' };
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const router = (secret: string): Headers => ({ 'router-authorization': `Bearer ${secret}` });

/** What the answer is, and with which credentials the upstream was asked for it. */
async function ask(config: GatewayOptions, headers: Headers, path = `/graphql?query=${QUERY}`) {
  await using opened = await openGatewayOver(() => ({ body: [] }), config);
  const response = await opened.gateway.fetch(new Request(`http://gateway${path}`, { headers }));
  return {
    response,
    status: response.status,
    text: await response.text(),
    sent: opened.upstream.requests.map((request) => request.headers),
  };
}

describe('ACCESS_TOKENS and READ_ONLY_ACCESS_TOKENS', () => {
  const config = {
    accessTokens: ['first-token', 'alice:second-token', 'bob:with:colon'],
    readOnlyAccessTokens: ['ci:third-token'],
    apiKey: 'upstream-key',
  };

  it.each<[string, string | undefined, number]>([
    ['the first token', 'Bearer first-token', 200],
    ['the second, without its label', 'bearer  second-token', 200],
    ['one with a colon', 'Bearer with:colon', 200],
    ['one for reading only', 'Bearer third-token', 200],
    ['none', undefined, 401],
    ['the scheme alone', 'Bearer ', 401],
    ['another one', 'Bearer fourth-token', 401],
    ['one and more', 'Bearer first-tokens', 401],
    ['one after another scheme', 'Basic x Bearer first-token', 401],
    ['a label', 'Bearer alice', 401],
    ['the key of the upstream', 'Bearer upstream-key', 401],
  ])('answer a caller with %s', async (_name, authorization, status) => {
    const answer = await ask(config, authorization === undefined ? {} : { authorization });
    expect(answer.status).toBe(status);
    if (status === 200) {
      expect(answer.sent).toMatchObject([bearer('upstream-key')]);
      return;
    }
    expect(answer.sent).toEqual([]);
    const challenge = (authorization ?? 'Bearer ') === 'Bearer ' ? 'Bearer' : 'Bearer error="invalid_token"';
    expect(answer.response.headers.get('www-authenticate')).toBe(challenge);
    const requestId = answer.response.headers.get('x-request-id');
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', requestId, retryable: false } }],
    });
  });

  it.each([
    ['/health', 200],
    ['/ready', 200],
    ['/metrics', 401],
    ['/', 200],
  ])('let %s be asked without a token, by %d', async (path, status) => {
    expect((await ask(config, path === '/' ? HTML : {}, path)).status).toBe(status);
  });
});

it.each<[string, GatewayOptions, Headers, Headers]>([
  ['those of the caller', {}, bearer('mine'), bearer('mine')],
  ['none for who has none', {}, {}, {}],
  ['the key for who has none', { apiKey: 'key' }, {}, bearer('key')],
  ['not the key for who has other ones', { apiKey: 'key' }, bearer('mine'), bearer('mine')],
])('Without ACCESS_TOKENS the upstream gets %s', async (_name, config, headers, expected) => {
  const { status, sent } = await ask(config, headers);
  expect([status, sent[0]?.authorization]).toEqual([200, expected['authorization']]);
});

describe('ROUTER_SECRETS', () => {
  const config = { routerSecrets: ['r1', 'r2'] };

  it.each<[string, Headers, number]>([
    ['the first', router('r1'), 200],
    ['none', {}, 403],
    ['an empty one', router(''), 403],
    ['one where tokens are', { authorization: 'Bearer r1' }, 403],
  ])('answer a request with %s', async (_name, headers, status) => {
    const answer = await ask(config, { ...bearer('user'), ...headers });
    expect(answer.status).toBe(status);
    if (status === 200) {
      expect(answer.sent).toMatchObject([bearer('user')]);
      expect(JSON.stringify(answer.sent)).not.toMatch(/router|r1|r2/);
    } else {
      expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      expect(answer.sent).toEqual([]);
    }
  });

  it('are needed beside a token where there are ACCESS_TOKENS', async () => {
    const both = { ...config, accessTokens: ['token'] };
    expect((await ask(both, { ...router('r1'), ...bearer('token') })).status).toBe(200);
    expect((await ask(both, router('r1'))).status).toBe(401);
    expect((await ask(both, bearer('token'))).status).toBe(403);
  });
});

describe('LETTA_API_KEY', () => {
  const LENT = { LETTA_API_KEY: 'sk-1' };

  it.each(['0.0.0.0', '::', 'gateway.internal'])('is not lent to whoever reaches HOST %s', (host) => {
    expect(() => readConfig({ host }, LENT)).toThrow(/^HOST: .*ACCESS_TOKENS.*--allow-anonymous/);
    for (const name of ['ACCESS_TOKENS', 'READ_ONLY_ACCESS_TOKENS', 'ROUTER_SECRETS']) {
      expect(readConfig({ host }, { ...LENT, [name]: 'a' }).host).toBe(host);
    }
    // Without a key there is nothing to lend.
    expect(readConfig({ host, 'sample-runs': 'on' }, {}).host).toBe(host);
  });

  it.each(['127.1.2.3', 'localhost', '::1'])('may be used by all who reach HOST %s', (host) => {
    expect(readConfig({ host }, LENT).host).toBe(host);
  });
});

it.each([
  ['alice:x,bob:x', '', 'alice and bob are the same token'],
  ['alice:x', 'alice:x', 'alice is listed twice'],
  ['x,alice:x', '', 'a token without a label and alice are the same token'],
])(
  'ACCESS_TOKENS %s, with READ_ONLY_ACCESS_TOKENS %j, are refused, and not shown',
  (tokens, others, problem) => {
    const read = () => readConfig({}, { ACCESS_TOKENS: tokens, READ_ONLY_ACCESS_TOKENS: others });
    expect(read).toThrow(problem);
  },
);

it('A read-only token shares no executions with one of the same label that may write, and shares its RATE_LIMIT', () => {
  const tokens = { accessTokens: ['alice:w'], readOnlyAccessTokens: ['alice:r'] };
  const access = createAccess({ ...defaults, ...tokens });
  const [writes, reads] = ['w', 'r'].map((token) =>
    Object(access.authenticate({ authorization: `Bearer ${token}` })),
  );
  expect(writes.callerKey).not.toBe(reads.callerKey);
  expect(writes.account).toBe(reads.account);
});
