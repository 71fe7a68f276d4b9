import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { TRANSPORTS } from '../support/transports.ts';

/** Where nothing answers: these tests ask for nothing that needs it. */
const upstreamUrl = 'http://127.0.0.1:1';
const QUERY = '{ __typename }';
const ANSWER = '{"data":{"__typename":"Query"}}';

describe.each(['fetch', 'listener'] as const)('An endpoint of its own (%s)', (name) => {
  it.each(['/api/graphql', '/', '/v1.0/runs_of-agents/~me', '/graphql'])(
    'at %s has GraphQL and GraphiQL',
    async (endpoint) => {
      await using gateway = await createGateway({ upstreamUrl, endpoint });
      await using transport = await TRANSPORTS[name](gateway);
      const text = async (path: string, init?: RequestInit) => (await transport.send(path, init)).text();
      expect(gateway.endpoint).toBe(endpoint);
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query: QUERY });
      expect(await text(endpoint, { method: 'POST', headers, body })).toBe(ANSWER);
      expect(await text(`${endpoint}?query=${encodeURIComponent(QUERY)}`)).toBe(ANSWER);
      expect(await text(endpoint, { method: 'POST', headers, body: '{"query":' })).toContain('invalid JSON');
      expect(await text(endpoint, { headers: { accept: 'text/html' } })).toContain('NewestRuns');
    },
  );

  it('leaves the other paths where they are, and says where things are', async () => {
    await using gateway = await createGateway({ upstreamUrl, endpoint: '/api/graphql' });
    await using transport = await TRANSPORTS[name](gateway);
    expect((await transport.send('/health')).status).toBe(200);
    expect((await transport.send('/metrics')).status).toBe(200);
    for (const path of ['/graphql', '/api', '/api/graphql/', '/api/graphql/health', '/api/health', '/']) {
      const response = await transport.send(path);
      expect([response.status, await response.json()], path).toMatchObject([
        404,
        {
          errors: [
            {
              message:
                'Not found. Available paths: / (for browsers), /api/graphql, /health, /ready and /metrics.',
              extensions: { code: 'NOT_FOUND' },
            },
          ],
        },
      ]);
    }
  });
});

describe('An endpoint that is no path', () => {
  it.each([
    '',
    'graphql',
    '/graphql/',
    '//graphql',
    '/api//graphql',
    '/api/../graphql',
    '/.',
    '/graphql?x',
    '/graphql#x',
    '/:version/graphql',
    '/*',
    '/gr%61phql',
    '/grüphql',
    '/graphql\n',
    'http://localhost/graphql',
    null,
    7,
  ])('%j is refused', async (endpoint) => {
    await expect(createGateway({ upstreamUrl, endpoint: endpoint as string })).rejects.toThrow(
      new TypeError(
        `endpoint: expected a path such as /graphql or /api/graphql: segments of letters, digits and -._~, each after a "/", with no trailing "/"; but got ${JSON.stringify(endpoint)}`,
      ),
    );
  });

  it.each(['/health', '/ready', '/metrics'])('%s is refused: something else is there', async (endpoint) => {
    await expect(createGateway({ upstreamUrl, endpoint })).rejects.toThrow(
      `endpoint: expected a path other than /health, /ready, /metrics, which are reserved; but got "${endpoint}"`,
    );
  });
});
