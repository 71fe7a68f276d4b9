import { describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../../../src/gateway-options.ts';
import { stopClock } from '../../support/clock.ts';
import { openGateway, openGatewayOver, UPSTREAM_URL } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { HANGS } from '../../support/scripted-upstream.ts';

async function get(handler: Pick<Gateway, 'fetch'>, path: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await handler.fetch(new Request(`http://gateway${path}`, { headers }));
  return { status: response.status, text: await response.text() };
}

const READY = { status: 200, text: '{"status":"ready"}' };

describe('/ready', () => {
  it.each([
    ['is up', { body: { version: '1' } }, 200],
    ['fails', { status: 503, body: {} }, 503],
    ['has no health check', { status: 404, body: {} }, 503],
    ['is away', new Error('away'), 503],
    ['hangs', HANGS, 503],
  ])('answers where the upstream %s, and is 200 once it is up', async (_name, answer, status) => {
    const clock = stopClock();
    await using test = await openGatewayOver(() => answer);
    expect((await clock.until(get(test.gateway, '/ready'))).status).toBe(status);
    expect(new Set(test.upstream.urls)).toEqual(new Set(['/v1/health/']));
    expect(await get(test.gateway, '/health?x=1')).toEqual({ status: 200, text: '{"status":"ok"}' });
    test.upstream.script = () => ({ body: { version: '1' } });
    await clock.pass(1000);
    expect(await get(test.gateway, '/ready')).toEqual(READY);
  });

  it('asks once for all who ask within a second', async () => {
    const clock = stopClock();
    await using test = await openGatewayOver(() => ({ body: { version: '1' } }));
    const askAll = () => Promise.all(Array.from({ length: 100 }, () => get(test.gateway, '/ready')));
    expect(new Set((await askAll()).map(({ text }) => text))).toEqual(new Set([READY.text]));
    await clock.pass(999);
    await askAll();
    expect(test.upstream.requests).toHaveLength(1);
    await clock.pass(1);
    await askAll();
    expect(test.upstream.requests).toHaveLength(2);
  });

  it('takes nothing from queries, however many ask and however slow the upstream is', async () => {
    await using test = await openGatewayOver(({ path }) => (path.includes('health') ? HANGS : { body: [] }), {
      upstreamMaxInFlight: 4,
    });
    for (let count = 0; count < 100; count++) void get(test.gateway, '/ready').catch(() => undefined);
    for (let first = 1; first <= 10; first++) {
      const answer = await test.execute(`{ runs(first: ${first}) { nodes { id } } }`);
      expect(answer).toEqual({ data: { runs: { nodes: [] } } });
    }
  });

  it('is 503 at once while the gateway drains, which is alive all the same', async () => {
    await using test = await openGateway();
    expect(await get(test.gateway, '/ready')).toEqual(READY);
    test.gateway.startDraining();
    expect(await get(test.gateway, '/ready')).toEqual({ status: 503, text: '{"status":"draining"}' });
    expect(await get(test.gateway.admin, '/ready')).toMatchObject({ status: 503 });
    expect((await get(test.gateway, '/health')).status).toBe(200);
    expect(test.gateway.isDraining).toBe(true);
    expect(await test.execute('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  it('tells operators the address, the version, and what was learned', async () => {
    await using test = await openGateway({ runs: randomRuns(5, 1) });
    const ready = async () => JSON.parse((await get(test.gateway.admin, '/ready')).text);
    const upstream = { url: UPSTREAM_URL, version: '0.16.7' };
    expect(await ready()).toMatchObject({
      status: 'ready',
      upstream: { ...upstream, pageSizes: { runs: 1000 } },
    });
    expect(await ready()).not.toHaveProperty('upstream.dialect');
    const { data } = await test.execute<{ runs: { edges: { cursor: string }[] } }>(
      '{ runs(last: 1) { edges { cursor } } }',
    );
    await test.execute(`{ runs(after: "${data?.runs.edges[0]?.cursor}") { nodes { id } } }`);
    expect(await ready()).toMatchObject({ upstream: { ...upstream, dialect: 'reversed' } });
  });
});

describe('/metrics, /ready and ADMIN_PORT', () => {
  const METRICS = expect.stringContaining('runs_gateway_');
  const LOCKED = { accessTokens: ['token'] };
  const OWN_PORT = { ...LOCKED, adminPort: 0 };

  it.each<[string, GatewayOptions, string, string | undefined, object]>([
    ['metrics, where none is needed', {}, '/metrics', undefined, { status: 200, text: METRICS }],
    ['metrics, without a token', LOCKED, '/metrics', undefined, { status: 401 }],
    ['metrics, with a token', LOCKED, '/metrics', 'token', { status: 200, text: METRICS }],
    ['metrics, which have a port', OWN_PORT, '/metrics', 'token', { status: 404 }],
    ['readiness, without a token', LOCKED, '/ready', undefined, READY],
    [
      'readiness, with a token',
      LOCKED,
      '/ready',
      'token',
      { status: 200, text: expect.stringContaining(`"url":"${UPSTREAM_URL}"`) },
    ],
    ['readiness, which has a port', OWN_PORT, '/ready', 'token', READY],
  ])('%s', async (_name, config, path, token, expected) => {
    await using test = await openGateway({ config });
    expect(await get(test.gateway, path, token)).toMatchObject(expected);
  });

  it('ADMIN_PORT serves /metrics, /ready and /health, and no GraphQL', async () => {
    const allowedHosts = ['runs.example.com'];
    const config = {
      ...OWN_PORT,
      adminHost: 'ops',
      maxConnections: 7,
      allowedHosts,
      socketPath: '/run/g.sock',
    };
    await using test = await openGateway({ config });
    const { admin } = test.gateway;
    expect(await get(admin, '/metrics')).toEqual({ status: 200, text: METRICS });
    expect((await get(admin, '/ready')).text).toContain(UPSTREAM_URL);
    expect((await get(admin, '/health')).status).toBe(200);
    expect((await get(admin, '/graphql?query={__typename}')).status).toBe(404);
    expect(admin).toMatchObject({ host: 'ops', port: 0, maxConnections: 7 });
    expect(admin.socketPath).toBeUndefined();
  });
});
