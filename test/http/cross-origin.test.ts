import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { TRANSPORTS } from '../support/transports.ts';

const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';
const QUERY = `/graphql?query=${encodeURIComponent('{ runs { nodes { id } } }')}`;
const EVENTS = '/graphql?query=subscription{runEvents{kind}}';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';

type Headers = Readonly<Record<string, string>>;

/** As browsers send them without a preflight. */
const REFUSED: readonly [name: string, headers: Headers][] = [
  [
    'an image',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', accept: 'image/webp,*/*;q=0.8' },
  ],
  ['a script', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', accept: '*/*' }],
  ['a page of a neighbouring domain', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['fetch', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ['fetch of an older browser', { origin: EVIL }],
  ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['a prefetch', { 'sec-fetch-site': 'cross-site', 'sec-purpose': 'prefetch' }],
  ['a navigation that takes no HTML', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ['a form', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' }],
  ['an image in a browser that tells no site', { referer: `${EVIL}/page` }],
  ['an image of a page that lets a browser without TLS tell nothing', { 'user-agent': BROWSER }],
  ['credentials that the browser adds', { 'sec-fetch-site': 'cross-site', authorization: 'Basic eDp5' }],
  ['another port of the same host', { origin: 'http://gateway:8080', 'sec-fetch-site': 'same-site' }],
];

const SERVED: readonly [name: string, headers: Headers][] = [
  ['curl', {}],
  ['its own page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
  ['its own page behind a proxy that changes the host', { origin: EVIL, 'sec-fetch-site': 'same-origin' }],
  ['a person that enters the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ['a page of an allowed origin', { origin: APP, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ...[
    ['apollo-require-preflight', '1'],
    ['x-apollo-operation-name', 'A'],
    ['x-graphql-yoga-csrf', ''],
    ['content-type', 'application/json'],
  ].map(([name = '', value = '']): [string, Headers] => [
    `a client that sends ${name}`,
    { origin: EVIL, 'sec-fetch-site': 'cross-site', [name]: value },
  ]),
];

describe.each(['listener', 'fetch'] as const)('A GET (%s)', (way) => {
  /** Also tells how many requests it made upstream. */
  const send = async (path: string, headers: Headers, corsOrigins: readonly string[] = [APP]) => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, corsOrigins });
    await using transport = await TRANSPORTS[way](gateway);
    const response = await transport.send(path, { headers });
    const isStream = response.headers.get('content-type') === 'text/event-stream';
    const text = isStream ? (await response.body?.cancel(), '') : await response.text();
    return { status: response.status, text, requests: upstream.heads.length };
  };

  it.each(REFUSED)('by another origin is not executed: %s', async (_name, headers) => {
    const { status, text, requests } = await send(QUERY, headers);
    expect([status, requests]).toEqual([403, 0]);
    expect(JSON.parse(text)).toMatchObject({
      errors: [
        { message: expect.stringContaining('Apollo-Require-Preflight'), extensions: { code: 'FORBIDDEN' } },
      ],
    });
    const events = await send(EVENTS, { ...headers, accept: 'text/event-stream' });
    expect([events.status, events.requests]).toEqual([403, 0]);
  });

  it.each(SERVED)('is executed as before: %s', async (_name, headers) => {
    expect(await send(QUERY, headers)).toMatchObject({ status: 200, requests: 1 });
    expect(await send(EVENTS, { ...headers, accept: 'text/event-stream' })).toMatchObject({ status: 200 });
  });

  it('by a link on another site opens GraphiQL, which executes nothing by itself', async () => {
    const headers = { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const { status, text, requests } = await send(QUERY, headers);
    expect([status, requests]).toEqual([200, 0]);
    expect(text).toContain('<!doctype html>');
  });

  it('by any origin is executed if any may read it', async () => {
    for (const [name, headers] of REFUSED) {
      expect(await send(QUERY, headers, ['*']), name).toMatchObject({ status: 200, requests: 1 });
    }
  });

  it('may have the header in a preflight that asks for it', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', corsOrigins: [APP] });
    await using transport = await TRANSPORTS[way](gateway);
    const { headers } = await transport.send('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: APP,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'Apollo-Require-Preflight',
      },
    });
    expect(headers.get('access-control-allow-headers')).toMatch(/, apollo-require-preflight$/);
  });
});

it.each<[name: string, headers: Headers]>([
  ['in an older browser', { referer: 'http://gateway/graphql', 'user-agent': BROWSER }],
  ['that sends its origin', { origin: 'http://gateway' }],
])('A GET by a page of the gateway itself is executed %s', async (_name, headers) => {
  await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
  const ask = (host: string) =>
    gateway.fetch(new Request(`http://${host}/graphql?query={__schema{__typename}}`, { headers }));
  expect((await ask('gateway')).status).toBe(200);
  expect((await ask('gateway:8080')).status).toBe(403);
});

it.each<[string, string, Readonly<Record<string, string>>]>([
  ['a health check of any page', '{__typename}', {}],
  [
    'a program in Node that names a type',
    '{__schema{__typename}}',
    { 'sec-fetch-mode': 'cors', accept: 'application/json' },
  ],
])('%s is answered', async (_name, query, headers) => {
  await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
  const url = `http://gateway/graphql?query=${query}`;
  const response = await gateway.fetch(
    new Request(url, { headers: { origin: 'https://evil.test', ...headers } }),
  );
  expect(response.status).toBe(200);
});
