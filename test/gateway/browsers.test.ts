import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import type { GatewayOptions } from '../../src/gateway.ts';
import { openGatewayOver } from '../support/open-gateway.ts';

type Headers = Readonly<Record<string, string>>;

const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';
const QUERY = `/graphql?query=${encodeURIComponent('{ runs { nodes { id } } }')}`;
const EVENTS = '/graphql?query=subscription{runEvents{kind}}';
const HTML = { accept: 'text/html' };

async function send(path: string, init: RequestInit = {}, config: GatewayOptions = {}, host = 'gateway') {
  await using test = await openGatewayOver(() => ({ body: [] }), config);
  const response = await test.gateway.fetch(new Request(`http://${host}${path}`, init));
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  await (isStream ? response.body?.cancel() : undefined);
  return { status: response.status, headers: response.headers, text, asked: test.upstream.requests.length };
}

describe('A page of another origin', () => {
  /** Successes, errors and refusals. */
  const REQUESTS: readonly [name: string, path: string, init: RequestInit][] = [
    ['a query', '/graphql?query={__typename}', {}],
    ['a query that fails', '/graphql?query={', { headers: { accept: 'application/graphql-response+json' } }],
    ['a body of another type', '/graphql', { method: 'POST', body: 'x' }],
    ['health', '/health', {}],
    ['an unknown path', '/nowhere', {}],
  ];
  const READABLE = { 'access-control-expose-headers': 'x-request-id, retry-after' };

  async function corsOf(corsOrigins: readonly string[], path: string, init: RequestInit, origin: string) {
    const { headers } = await send(
      path,
      { ...init, headers: { ...Object(init.headers), origin } },
      { corsOrigins },
    );
    const cors = Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control')));
    return { ...cors, variesByOrigin: headers.get('vary')?.split(', ').includes('origin') ?? false };
  }

  it.each(REQUESTS)(
    'reads the answer to %s if CORS_ORIGINS names it, and no other one does',
    async (_name, path, init) => {
      const origins = [APP, 'http://localhost:5173'];
      expect(await corsOf(origins, path, init, APP)).toEqual({
        'access-control-allow-origin': APP,
        ...READABLE,
        variesByOrigin: true,
      });
      for (const origin of [EVIL, 'null', `${APP}.evil.example`, 'http://app.example.com']) {
        expect(await corsOf(origins, path, init, origin), origin).toEqual({ variesByOrigin: true });
      }
      expect(await corsOf([], path, init, APP)).toEqual({ variesByOrigin: false });
      expect(await corsOf(['*'], path, init, APP)).toEqual({
        'access-control-allow-origin': '*',
        ...READABLE,
        variesByOrigin: false,
      });
    },
  );

  const preflight = (origin: string, config: GatewayOptions, asked = 'authorization,content-type') =>
    send(
      '/graphql',
      {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
      },
      config,
    );

  it('is told in a preflight what it may send', async () => {
    const { status, headers } = await preflight(APP, {
      corsOrigins: [APP],
      forwardHeaders: ['X-Tenant', 'x-project'],
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(APP);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')).toBe(
      'content-type, authorization, x-project, x-project-id, x-tenant, x-request-id, graphql-cost-debug',
    );
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const csrf = await preflight(APP, { corsOrigins: [APP] }, 'Apollo-Require-Preflight');
    expect(csrf.headers.get('access-control-allow-headers')).toMatch(/, apollo-require-preflight$/);
  });

  it.each([[[]], [[APP]]])('is told nothing in a preflight if CORS_ORIGINS is %j', async (corsOrigins) => {
    const { status, headers } = await preflight(EVIL, { corsOrigins });
    expect(status).toBe(405);
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
    ['a script', { ...CROSS, 'sec-fetch-mode': 'no-cors', accept: '*/*' }],
    ['a page of a neighbouring domain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['fetch', { ...CROSS, origin: EVIL, 'sec-fetch-mode': 'cors' }],
    ['fetch of an older browser', { origin: EVIL }],
    ['a sandboxed frame', { ...CROSS, origin: 'null' }],
    ['a prefetch', { ...CROSS, 'sec-purpose': 'prefetch' }],
    ['a navigation that takes no HTML', { ...CROSS, 'sec-fetch-mode': 'navigate' }],
    ['a form', { ...CROSS, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text that names JSON', { ...CROSS, 'content-type': 'text/plain; application/json' }],
    ['an image in a browser that tells no site', { referer: `${EVIL}/page` }],
    ['an image of a page that lets a browser without TLS tell nothing', { 'user-agent': BROWSER }],
    ['credentials that the browser adds', { ...CROSS, authorization: 'Basic eDp5' }],
    ['another port of the same host', { origin: 'http://gateway:8080', 'sec-fetch-site': 'same-site' }],
  ];

  it.each(REFUSED)('is not executed: %s', async (_name, headers) => {
    for (const [path, accept] of [
      [QUERY, {}],
      [EVENTS, { accept: 'text/event-stream' }],
    ] as const) {
      const { status, text, asked } = await send(path, { headers: { ...headers, ...accept } }, config);
      expect([status, asked]).toEqual([403, 0]);
      expect(JSON.parse(text)).toMatchObject({
        errors: [
          { message: expect.stringContaining('Apollo-Require-Preflight'), extensions: { code: 'FORBIDDEN' } },
        ],
      });
    }
  });

  it('is executed where any origin may read it', async () => {
    for (const [name, headers] of REFUSED) {
      expect(await send(QUERY, { headers }, { corsOrigins: ['*'] }), name).toMatchObject({
        status: 200,
        asked: 1,
      });
    }
  });

  it.each<[name: string, headers: Headers]>([
    ['curl', {}],
    ['its own page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['its own page behind a proxy', { origin: EVIL, 'sec-fetch-site': 'same-origin' }],
    ['its own page in an older browser', { referer: 'http://gateway/graphql', 'user-agent': BROWSER }],
    ['its own page that sends its origin', { origin: 'http://gateway' }],
    ['a person that enters the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['an allowed origin', { ...CROSS, origin: APP, 'sec-fetch-mode': 'cors' }],
    ['who sends apollo-require-preflight', { ...CROSS, origin: EVIL, 'apollo-require-preflight': '1' }],
    ['who sends x-apollo-operation-name', { ...CROSS, origin: EVIL, 'x-apollo-operation-name': 'A' }],
    ['who sends x-graphql-yoga-csrf', { ...CROSS, origin: EVIL, 'x-graphql-yoga-csrf': '' }],
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

  it('is answered to a health check by GraphQL', async () => {
    const headers = { origin: EVIL };
    expect((await send('/graphql?query={__typename}', { headers })).status).toBe(200);
  });
});

describe('ALLOWED_HOSTS', () => {
  it.each<[allowed: string, host: string, isServed: boolean]>([
    ['gateway.test', 'gateway.test', true],
    ['gateway.test', 'GATEWAY.test:8080', true],
    ['gateway.test', 'evil.test', false],
    ['gateway.test', 'x.gateway.test', false],
    ['gateway.test', 'gateway.test.evil.example', false],
    ['gateway.test', 'localhost:4000', true],
    ['gateway.test', '127.8.9.10:1', true],
    ['gateway.test', '[::1]:4000', true],
    ['gateway.test:81', 'gateway.test:81', true],
    ['gateway.test:81', 'gateway.test:82', false],
    ['a.test, [fd00::7]', '[FD00::7]:4000', true],
    ['a.test, [fd00::7]', '[fd00::8]:4000', false],
    ['a.test', '127.0.0.1.evil.example', false],
    ['a.test', 'localhost.evil.example', false],
    ['*', 'evil.example', true],
  ])('%s and Host: %s', async (allowed, host, isServed) => {
    const { allowedHosts = [] } = readConfig({}, { ALLOWED_HOSTS: allowed });
    for (const path of [QUERY, '/health', '/ready', '/metrics', '/nowhere']) {
      const { status, text, asked } = await send(path, {}, { allowedHosts, apiKey: 'key' }, host);
      if (isServed) expect(status).not.toBe(421);
      else expect([status, asked]).toEqual([421, 0]);
      if (!isServed) expect(text).toContain('"code":"MISDIRECTED_REQUEST"');
    }
  });

  it('is off in an app that the gateway is part of, which knows its hosts', async () => {
    expect((await send('/health', {}, {}, 'any.example')).status).toBe(200);
  });

  it.each(['http://gateway.test', 'gateway.test/', 'a,,b', 'a b', '*.test'])('is not %s', (text) => {
    expect(() => readConfig({}, { ALLOWED_HOSTS: text })).toThrow(
      /^ALLOWED_HOSTS: expected names or addresses/,
    );
  });
});

describe('CORS_ORIGINS', () => {
  const read = (CORS_ORIGINS: string, env = {}, flags = {}) =>
    readConfig(flags, { CORS_ORIGINS, ...env }).corsOrigins;

  it.each([APP, 'http://localhost:5173', 'http://[::1]:5173', 'tauri://localhost', '*'])(
    'may be %s',
    (origin) => {
      expect(read(origin)).toEqual([origin]);
    },
  );

  it.each([
    'app.example.com',
    `${APP}/`,
    'https://App.example.com',
    `${APP}:443`,
    'https://*.example.com',
    'https://user@app.example.com',
    'null',
    'a,,b',
  ])('is not %s, which no browser sends', (origin) => {
    expect(() => read(origin)).toThrow('CORS_ORIGINS: expected origins such as');
  });

  it('does not let every page read with the key of the gateway', () => {
    const key = { LETTA_API_KEY: 'sk-1' };
    expect(() => read('*', key)).toThrow(/^CORS_ORIGINS: \* lets every web page read .*LETTA_API_KEY/);
    expect(read('*', { ...key, ACCESS_TOKENS: 'a' })).toEqual(['*']);
    expect(read('*', key, { 'allow-anonymous': '' })).toEqual(['*']);
    expect(read(APP, key)).toEqual([APP]);
  });
});
