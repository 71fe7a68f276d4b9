import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { startProgram } from '../support/program.ts';
import { sendRaw } from '../support/raw-request.ts';
import { TRANSPORTS } from '../support/transports.ts';

const APP = 'https://app.example.com';
const upstreamUrl = 'http://127.0.0.1:1';

/** What a page of an origin asks for; the last one is an error of each kind. */
const REQUESTS: readonly [name: string, path: string, init: RequestInit][] = [
  ['a query', '/graphql?query={__typename}', {}],
  ['a query that fails', '/graphql?query={', { headers: { accept: 'application/graphql-response+json' } }],
  ['a body of another type', '/graphql', { method: 'POST', body: 'x' }],
  ['health', '/health', {}],
  ['an unknown path', '/nowhere', {}],
];

function corsHeaders({ headers }: Response): Record<string, string> {
  const vary = headers.get('vary')?.split(', ') ?? [];
  return {
    ...Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control'))),
    // GraphQL's answers vary by what is accepted as well.
    ...(vary.includes('origin') && { vary: 'origin' }),
  };
}

describe.each(['listener', 'fetch'] as const)('With CORS_ORIGINS (%s)', (way) => {
  const send = async (corsOrigins: readonly string[], path: string, init: RequestInit, origin: string) => {
    await using gateway = await createGateway({ upstreamUrl, corsOrigins });
    await using transport = await TRANSPORTS[way](gateway);
    const headers = { ...(init.headers as Record<string, string>), origin };
    const response = await transport.send(path, { ...init, headers });
    await response.bytes();
    return response;
  };

  it.each(REQUESTS)('%s may be read by pages of these origins alone', async (_name, path, init) => {
    const origins = [APP, 'http://localhost:5173'];
    expect(corsHeaders(await send(origins, path, init, APP))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-expose-headers': 'x-request-id, retry-after',
      vary: 'origin',
    });
    for (const origin of ['https://evil.example', 'null', `${APP}.evil.example`, 'http://app.example.com']) {
      expect(corsHeaders(await send(origins, path, init, origin)), origin).toEqual({ vary: 'origin' });
    }
  });

  it.each(REQUESTS)('%s may be read by no other origin if there are none', async (_name, path, init) => {
    expect(corsHeaders(await send([], path, init, APP))).toEqual({});
  });

  it.each(REQUESTS)(
    '%s may be read by any page with *, never with credentials',
    async (_name, path, init) => {
      expect(corsHeaders(await send(['*'], path, init, APP))).toEqual({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-request-id, retry-after',
      });
    },
  );

  const preflight = (corsOrigins: readonly string[], origin: string): Promise<Response> =>
    send(
      corsOrigins,
      '/graphql',
      {
        method: 'OPTIONS',
        headers: {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      },
      origin,
    );

  it('a preflight says what a page may send', async () => {
    const response = await preflight([APP], APP);
    expect(response.status).toBe(204);
    expect(corsHeaders(response)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'content-type, authorization, x-project, x-project-id, x-request-id, graphql-cost-debug',
      'access-control-max-age': '7200',
      vary: 'origin',
    });
  });

  it('a preflight allows the headers that an operator has added', async () => {
    await using gateway = await createGateway({
      upstreamUrl,
      corsOrigins: [APP],
      forwardHeaders: ['X-Tenant', 'x-project'],
    });
    await using transport = await TRANSPORTS[way](gateway);
    const headers = { origin: APP, 'access-control-request-method': 'POST' };
    const response = await transport.send('/graphql', { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-headers')).toBe(
      'content-type, authorization, x-project, x-project-id, x-tenant, x-request-id, graphql-cost-debug',
    );
  });

  it('a preflight of another origin allows nothing', async () => {
    for (const origins of [[], [APP]]) {
      const response = await preflight(origins, 'https://evil.example');
      expect(response.status).toBe(405);
      expect(response.headers.has('access-control-allow-origin')).toBe(false);
      expect(response.headers.has('access-control-allow-headers')).toBe(false);
    }
  });
});

describe('CORS_ORIGINS', () => {
  const read = (CORS_ORIGINS: string, env = {}, flags = {}) =>
    readConfig(flags, { CORS_ORIGINS, ...env }).corsOrigins;

  it.each([
    'https://app.example.com',
    'http://localhost:5173',
    'http://[::1]:5173',
    'tauri://localhost',
    '*',
  ])('may be %s', (origin) => {
    expect(read(origin)).toEqual([origin]);
  });

  it.each([
    'app.example.com',
    'https://app.example.com/',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://user@app.example.com',
    'null',
    'a,,b',
  ])('is not %s, which no browser sends', (origin) => {
    expect(() => read(origin)).toThrow('CORS_ORIGINS: expected origins such as');
  });

  it('does not let every page read with the key of the gateway', () => {
    const key = { LETTA_API_KEY: 'sk-1' };
    expect(() => read('*', key)).toThrow(
      'CORS_ORIGINS: * lets every web page read everything that LETTA_API_KEY can, and cancel runs,',
    );
    expect(() => read('*', { ...key, READ_ONLY: 'on' })).toThrow('that LETTA_API_KEY can, in the browsers');
    expect(read('*', { ...key, ACCESS_TOKENS: 'a' })).toEqual(['*']);
    expect(read('*', key, { 'allow-anonymous': '' })).toEqual(['*']);
    expect(read(APP, key)).toEqual([APP]);
  });
});

it('The program takes the hosts and origins of its environment', async () => {
  await using program = startProgram(['--port', '0'], {
    LETTA_BASE_URL: upstreamUrl,
    CORS_ORIGINS: 'https://app.example.com,http://localhost:5173',
    ALLOWED_HOSTS: 'gateway.test',
  });
  const url = await program.url;
  const response = await fetch(`${url}/graphql?query={__typename}`, { headers: { origin: APP } });
  expect(response.headers.get('access-control-allow-origin')).toBe(APP);
  for (const [host, status] of Object.entries({ 'gateway.test': 200, 'evil.example': 421 })) {
    expect(await sendRaw(url, ['GET /health HTTP/1.1', `host: ${host}`])).toContain(`HTTP/1.1 ${status} `);
  }
});
