import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/observability/log.ts';
import { ask } from '../support/ask.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const QUERY = '{ runs(first: 1) { nodes { id } } }';

describe('A gateway behind a proxy', () => {
  /** @param expected by the proxy */
  async function start(credentials: string, expected: string) {
    await using starting = new AsyncDisposableStack();
    const upstream = starting.use(await startRawUpstream(answerWith(200, '[]')));
    const proxy = starting.use(await startForwardProxy(expected));
    const lines: unknown[] = [];
    const write = (...line: unknown[]) => void lines.push(line);
    const gateway = starting.use(
      await createGateway({
        upstreamUrl: upstream.baseUrl,
        upstreamProxy: `http://${credentials}@127.0.0.1:${proxy.port}`,
        log: { ...silentLog, error: write, warn: write },
      }),
    );
    const parts = starting.move();
    return { upstream, proxy, gateway, lines, [Symbol.asyncDispose]: () => parts.disposeAsync() };
  }

  it('asks and checks the upstream through it, with its credentials', async () => {
    await using parts = await start('user:p%40ss', 'user:p@ss');
    const { baseUrl } = parts.upstream;
    expect(await ask(parts.gateway, 'one', QUERY)).toEqual({ data: { runs: { nodes: [] } } });
    const ready = await parts.gateway.fetch(new Request('http://localhost/ready'));
    expect(ready.status).toBe(200);
    expect(parts.proxy.asked).toEqual([
      expect.stringContaining(`GET ${baseUrl}/v1/runs/?`),
      `GET ${baseUrl}/v1/health/`,
    ]);
  });

  it('shows nobody the credentials where the proxy refuses them', async () => {
    await using parts = await start('user:hunter22', 'user:other');
    const answer = JSON.stringify(await ask(parts.gateway, 'one', QUERY));
    expect(answer).toContain('UPSTREAM_UNAVAILABLE');
    expect(parts.lines.length).toBeGreaterThan(0);
    expect(answer + JSON.stringify(parts.lines)).not.toMatch(/hunter|dXNlcjpodW50/);
  });
});
