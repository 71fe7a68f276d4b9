import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import type { Headers } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { readConfig } from '../../support/read-config.ts';

const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';
const QUERY = `/graphql?query=${encodeURIComponent('{ runs { nodes { id } } }')}`;
const EVENTS = '/graphql?query=subscription{runEvents{kind}}';
const HTML = { accept: 'text/html' };

async function send(path: string, init: RequestInit = {}, config: GatewayOptions = {}, host = 'gateway') {
  await using test = await openGatewayOver(() => ({ body: [] }), config);
  const response = await test.gateway.fetch(new Request(`http://${host}${path}`, init));
  const isStream = response.ok && response.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  await (isStream ? response.body?.cancel() : undefined);
  return { status: response.status, headers: response.headers, text, asked: test.upstream.requests.length };
}

describe('CORS_ORIGINS', () => {
  const LOCAL = 'http://localhost:5173';

  it.each<[corsOrigins: readonly string[], origin: string, allowed: string | null]>([
    [[APP, LOCAL], APP, APP],
    [[APP, LOCAL], EVIL, null],
    [[APP, LOCAL], 'null', null],
    [[APP, LOCAL], `${APP}.evil.example`, null],
    [[], APP, null],
    [['*'], EVIL, EVIL],
  ])('%j let a page of %s read answers: %s', async (corsOrigins, origin, allowed) => {
    for (const path of ['/graphql?query={__typename}', '/graphql?query={', '/graphql', '/nowhere']) {
      const { headers } = await send(path, { headers: { origin } }, { corsOrigins });
      expect(headers.get('access-control-allow-origin'), path).toBe(allowed);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      const exposed = allowed === null ? null : 'x-request-id, retry-after';
      expect(headers.get('access-control-expose-headers')).toBe(exposed);
    }
  });

  const preflight = (origin: string, config: GatewayOptions) =>
    send(
      '/graphql',
      {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      },
      config,
    );

  it('tell an allowed page in a preflight what it may send', async () => {
    const { status, headers } = await preflight(APP, {
      corsOrigins: [APP],
      forwardHeaders: ['X-Tenant', 'x-project'],
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(APP);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')).toBe(
      'content-type, authorization, x-project, x-project-id, x-tenant, x-request-id, graphql-cost-debug, apollo-require-preflight, x-apollo-operation-name, x-graphql-yoga-csrf, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name',
    );
  });

  it.each<[readonly string[], number]>([
    [[], 405],
    [[APP], 204],
  ])('%j tell another page nothing in a preflight', async (corsOrigins, expected) => {
    const { status, headers } = await preflight(EVIL, { corsOrigins });
    expect(status).toBe(expected);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-allow'))).toEqual([]);
  });
});

const CROSS = { 'sec-fetch-site': 'cross-site' };
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';

describe('A GET that a page of another origin makes a browser send', () => {
  const config = { corsOrigins: [APP] };

  /** As browsers send them without a preflight. */
  const REFUSED: readonly [name: string, headers: Headers][] = [
    ['an image', { ...CROSS, 'sec-fetch-mode': 'no-cors', accept: 'image/webp,*/*;q=0.8' }],
    ['fetch', { ...CROSS, origin: EVIL, 'sec-fetch-mode': 'cors' }],
    ['fetch of an older browser', { origin: EVIL }],
    ['a prefetch', { ...CROSS, 'sec-purpose': 'prefetch' }],
    ['fetch for JSON', { ...CROSS, origin: EVIL, 'sec-fetch-mode': 'cors', accept: 'application/json' }],
    ['an image in a browser that tells its mode alone', { 'sec-fetch-mode': 'no-cors', origin: EVIL }],
    ['fetch for JSON in a browser that tells nothing', { accept: 'application/json', origin: EVIL }],
    ['a text that names JSON', { ...CROSS, 'content-type': 'text/plain; application/json' }],
    ['an image in a browser without TLS, which tells no site', { 'user-agent': BROWSER }],
    ['another port of the same host', { origin: 'http://gateway:8080', 'sec-fetch-site': 'same-site' }],
  ];

  it.each(REFUSED)('is not executed: %s', async (_name, headers) => {
    const likeHealthCheck = `${QUERY}&x=?query={__typename}`;
    const paths = { [QUERY]: '*/*', [likeHealthCheck]: '*/*', [EVENTS]: 'text/event-stream' };
    for (const [path, accept] of Object.entries(paths)) {
      const { status, text, asked } = await send(path, { headers: { accept, ...headers } }, config);
      expect([status, asked]).toEqual([403, 0]);
      const message = expect.stringContaining('Apollo-Require-Preflight');
      const [json = ''] = /\{.*\}/.exec(text) ?? [];
      expect(JSON.parse(json)).toMatchObject({ errors: [{ message, extensions: { code: 'FORBIDDEN' } }] });
    }
  });

  it.each<[name: string, headers: Headers]>([
    ['curl', {}],
    ['its own page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ["Node's fetch", { 'user-agent': 'node', 'sec-fetch-mode': 'cors' }],
    ['its own page that sends its origin', { origin: 'http://gateway' }],
    ['a person that enters the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['an allowed origin', { ...CROSS, origin: APP, 'sec-fetch-mode': 'cors' }],
    ['who sends apollo-require-preflight', { ...CROSS, origin: EVIL, 'apollo-require-preflight': '1' }],
    ['who sends JSON', { ...CROSS, origin: EVIL, 'content-type': 'application/json' }],
  ])('is executed by %s', async (_name, headers) => {
    expect(await send(QUERY, { headers }, config)).toMatchObject({ status: 200, asked: 1 });
    const events = { headers: { ...headers, accept: 'text/event-stream' } };
    expect(await send(EVENTS, events, config)).toMatchObject({ status: 200 });
  });

  it('by a link opens GraphiQL, which executes nothing by itself', async () => {
    const headers = { ...HTML, ...CROSS, 'sec-fetch-mode': 'navigate' };
    const { status, text, asked } = await send(QUERY, { headers });
    expect([status, asked]).toEqual([200, 0]);
    expect(text).toContain('<!doctype html>');
  });
});

it.each<[allowed: string, host: string, isServed: boolean]>([
  ['gateway.test', 'gateway.test', true],
  ['gateway.test', 'GATEWAY.test:8080', true],
  ['gateway.test', 'gateway.test.:8080', true],
  ['gateway.test', 'evil.test', false],
  ['gateway.test', 'gateway.test.evil.example', false],
  ['gateway.test', 'localhost:4000', true],
  ['gateway.test', '[::1]:4000', true],
  ['gateway.test:81', 'gateway.test:81', true],
  ['gateway.test:81', 'gateway.test:82', false],
  ['a.test, [fd00::7]', '[FD00::7]:4000', true],
  ['a.test', 'localhost.evil.example', false],
  ['*', 'evil.example', true],
])('ALLOWED_HOSTS %s with the header Host: %s', async (allowed, host, isServed) => {
  const { allowedHosts = [] } = readConfig({}, { ALLOWED_HOSTS: allowed });
  for (const path of [QUERY, '/health', '/ready', '/metrics', '/nowhere']) {
    const { status, headers, text, asked } = await send(path, {}, { allowedHosts, apiKey: 'key' }, host);
    if (isServed) expect(status).not.toBe(421);
    else expect([status, asked]).toEqual([421, 0]);
    const extensions = { code: 'MISDIRECTED_REQUEST', requestId: headers.get('x-request-id') };
    if (!isServed) expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions }] });
  }
});

it('CORS_ORIGINS cannot be * where LETTA_API_KEY is lent to every page', () => {
  const read = (CORS_ORIGINS: string, env = {}, flags = {}) =>
    readConfig(flags, { CORS_ORIGINS, LETTA_API_KEY: 'sk-1', ...env }).corsOrigins;
  expect(() => read('*')).toThrow(/^CORS_ORIGINS: \* lets every web page read .*LETTA_API_KEY/);
  expect(read('*', { ACCESS_TOKENS: 'a' })).toEqual(['*']);
  expect(read('*', {}, { 'allow-anonymous': 'on' })).toEqual(['*']);
  expect(read(APP)).toEqual([APP]);
  expect(read('*', { LETTA_API_KEY: '', LETTA_BASE_URL: 'http://a.test' })).toEqual(['*']);
});
