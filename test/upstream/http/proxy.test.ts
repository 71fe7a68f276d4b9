import { describe, expect, it } from 'vitest';
import { startRunsApi } from '../../../embedded-api/server.ts';
import { openStore } from '../../../embedded-api/store/store.ts';
import { createGateway } from '../../../src/gateway.ts';
import { silentLog } from '../../../src/observability/log.ts';
import { createDispatcher } from '../../../src/upstream/http/dispatcher.ts';
import { startForwardProxy } from '../../support/forward-proxy.ts';
import { startRawUpstream } from '../../support/raw-upstream.ts';

const QUERY = { query: '{ runs(first: 1) { edges { cursor } } }' };

/** A gateway that reaches the embedded runs API through a proxy. */
async function start(credentials: string, expected = credentials) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  const api = starting.use(await startRunsApi({ store }));
  const proxy = starting.use(await startForwardProxy(expected));
  const lines: unknown[] = [];
  const log = {
    ...silentLog,
    error: (...line: unknown[]) => void lines.push(line),
    warn: (...line: unknown[]) => void lines.push(line),
  };
  const gateway = starting.use(
    await createGateway({
      upstreamUrl: api.baseUrl,
      upstreamProxy: `http://${credentials}@127.0.0.1:${proxy.port}`,
      upstreamTimeoutMs: 10_000,
      log,
    }),
  );
  const parts = starting.move();
  const ask = async () => {
    const response = await gateway.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(QUERY),
      }),
    );
    return response.json();
  };
  return { api, proxy, gateway, lines, ask, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe('A gateway behind a proxy', () => {
  it('asks and checks the upstream through it, with its credentials', async () => {
    await using parts = await start('user:p%40ss', 'user:p@ss');
    expect(await parts.ask()).toEqual({ data: { runs: { edges: [] } } });
    const ready = await parts.gateway.fetch(new Request('http://localhost/ready'));
    expect(ready.status).toBe(200);
    expect(parts.proxy.asked).toContain(`GET ${parts.api.baseUrl}/v1/health/`);
    expect(parts.proxy.asked).toContainEqual(expect.stringContaining(`GET ${parts.api.baseUrl}/v1/runs/?`));
  });

  it('shows nobody the credentials where the proxy refuses them', async () => {
    await using parts = await start('user:hunter22', 'user:other');
    const answer = JSON.stringify(await parts.ask());
    expect(answer).toContain('UPSTREAM_UNAVAILABLE');
    expect(parts.lines.length).toBeGreaterThan(0);
    for (const text of [answer, JSON.stringify(parts.lines)]) expect(text).not.toMatch(/hunter|dXNlcjpodW50/);
  });

  it('does not wait for a tunnel that the proxy never opens, or all others would wait for it too', async () => {
    await using proxy = await startRawUpstream(() => undefined);
    const reached = { timeoutMs: 500, proxy: proxy.baseUrl };
    await using dispatcher = Object.assign(createDispatcher('https://letta.test', {}, reached), {
      async [Symbol.asyncDispose]() {
        await dispatcher.destroy();
      },
    });
    for (const tunnels of [1, 2]) {
      await expect(dispatcher.request({ path: '/', method: 'GET' })).rejects.toThrow('Headers Timeout');
      expect(proxy.heads).toHaveLength(tunnels);
    }
  });
});
