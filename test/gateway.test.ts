import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../src/gateway.ts';
import { execute } from './support/execute.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let test: TestGateway;

beforeAll(async () => {
  test = await startTestGateway({
    runs: [
      {
        id: 'run-11111111-1111-4111-8111-111111111111',
        agent_id: 'agent-1',
        created_at: '2025-01-01T00:00:00Z',
      },
    ],
  });
  return () => test[Symbol.asyncDispose]();
});

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await test.gateway.fetch(new Request(`http://gateway${path}`, { headers }));
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

describe('The gateway', () => {
  it('answers at its addresses and nowhere else', async () => {
    expect(await get('/health')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    expect(await get('/health?x=1')).toMatchObject({ status: 200 });
    expect(await get('/ready')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
    for (const path of [
      '/',
      '/foo/health',
      '/healthy',
      '/graphql/',
      '/graphql/health',
      '/GraphQL',
      '//graphql',
    ]) {
      expect(await get(path), path).toMatchObject({
        status: 404,
        body: expect.stringContaining(
          '"message":"Not found. Available paths: / (for browsers), /graphql, /health, /ready and /metrics."',
        ),
      });
    }
    expect((await get('/graphql?query=/health')).body).toContain('Syntax Error');
  });

  it('is alive but not ready while its upstream does not answer', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
    const status = async (path: string) => (await gateway.fetch(new Request(`http://gateway${path}`))).status;
    expect([await status('/health'), await status('/ready')]).toEqual([200, 503]);
  });

  it('shows browsers a GraphiQL that needs nothing from elsewhere', async () => {
    const { status, type, body } = await get('/graphql', { accept: 'text/html' });
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="?https?:/);
    for (const name of ['NewestRuns', 'AgentFailures', 'Backward']) expect(body).toContain(`query ${name}`);
  });

  it('sends no CORS headers to pages of other origins', async () => {
    const response = await test.gateway.fetch(
      new Request('http://gateway/graphql?query={__typename}', { headers: { origin: 'https://evil.test' } }),
    );
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('passes the credentials of its caller on, or else its own', async () => {
    await using locked = await startTestGateway({ password: 'sesame', config: { apiKey: 'sesame' } });
    const listing = '{ runs { nodes { id } } }';
    expect(await execute(locked.gateway, listing)).toEqual({ data: { runs: { nodes: [] } } });
    const { data, errors } = await execute(locked.gateway, listing, undefined, {
      authorization: 'Bearer wrong',
    });
    expect(data).toEqual({ runs: null });
    expect(errors?.[0]).toMatchObject({ path: ['runs'], extensions: { code: 'UNAUTHENTICATED' } });
    await using keyless = await startTestGateway({ password: 'sesame' });
    const answer = await execute(keyless.gateway, listing, undefined, { authorization: 'Bearer sesame' });
    expect(answer).toEqual({ data: { runs: { nodes: [] } } });
    expect((await execute(keyless.gateway, listing)).errors?.[0]?.extensions?.['code']).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('says nothing about a failing upstream, and answers what does not need it', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1/secret-path' });
    const { data, errors } = await execute(gateway, '{ runs { nodes { id } } __typename }');
    expect(data).toEqual({ runs: null, __typename: 'Query' });
    expect(errors).toEqual([
      {
        message: 'The runs API is unavailable. Try again later.',
        path: ['runs'],
        locations: expect.anything(),
        extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, requestId: expect.any(String) },
      },
    ]);
  });
});

describe.each([true, false])('GraphQL over HTTP (row copying: %s)', (rowCopying) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await createGateway({ upstreamUrl: test.gateway.upstreamUrl, rowCopying });
    return () => gateway[Symbol.asyncDispose]();
  });

  const audits = serverAudits({
    url: 'http://gateway/graphql',
    fetchFn: (input: string, init?: RequestInit) => gateway.fetch(new Request(input, init)),
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});
