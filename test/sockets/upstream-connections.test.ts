import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/observability/log.ts';
import { createDispatcher, type FindAddresses } from '../../src/upstream/http/dispatcher.ts';
import { ask } from '../gateway/ask.ts';
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

  it('does not wait for a tunnel that the proxy never opens, or all others would wait for it too', async () => {
    await using proxy = await startRawUpstream(() => undefined);
    const options = { timeoutMs: 500, upstreamProxy: proxy.baseUrl };
    const dispatcher = createDispatcher('https://letta.test', {}, options);
    await using _closed = { [Symbol.asyncDispose]: () => dispatcher.destroy() };
    for (const tunnels of [1, 2]) {
      await expect(dispatcher.request({ path: '/', method: 'GET' })).rejects.toThrow('Headers Timeout');
      expect(proxy.heads).toHaveLength(tunnels);
    }
  });
});

const ipv4 = (address: string): LookupAddress[] => [{ address, family: 4 }];

/** Servers at two addresses of loopback, with the same port, and a pool of connections to their one name. */
async function serve(addressesNow: () => LookupAddress[]) {
  await using starting = new AsyncDisposableStack();
  const counts = [0, 0];
  let port = 0;
  for (const index of [0, 1]) {
    const server = createServer((_request, response) => {
      counts[index] = (counts[index] ?? 0) + 1;
      response.end('1');
    }).listen(port, `127.0.0.${index + 1}`);
    starting.defer(() => server.close().closeAllConnections());
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  const findAddresses: FindAddresses = (_name, _options, found) => found(null, addressesNow());
  const reached = { timeoutMs: 3000, findAddresses, maxAgeMs: 200 };
  const get = (pipelining: number) => {
    const dispatcher = createDispatcher(`http://upstream.test:${port}`, { pipelining }, reached);
    starting.defer(() => dispatcher.destroy());
    return async () => (await dispatcher.request({ path: '/', method: 'GET' })).body.text();
  };
  /** Without pipelining, each request has a connection of its own. */
  const gets = { get: get(1), getFresh: get(0) };
  const parts = starting.move();
  return { counts, ...gets, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe('Connections to a name', () => {
  it('go to its new address while requests are sent all the time, and none of these fails', async () => {
    let address = '127.0.0.1';
    await using name = await serve(() => ipv4(address));
    const over = new AbortController();
    const clients = Array.from({ length: 8 }, async () => {
      while (!over.signal.aborted) await name.get();
    });
    await expect.poll(() => name.counts[0]).toBeGreaterThan(50);
    expect(name.counts[1]).toBe(0);
    address = '127.0.0.2';
    // In the end nothing goes to the old one.
    const oldCount = async (): Promise<number> => {
      const [before = 0, reached = 0] = name.counts;
      await expect.poll(() => name.counts[1]).toBeGreaterThan(reached + 50);
      return (name.counts[0] ?? 0) - before;
    };
    await expect.poll(oldCount).toBe(0);
    over.abort();
    await Promise.all(clients);
  });

  it('spread over its addresses', async () => {
    await using name = await serve(() => [...ipv4('127.0.0.1'), ...ipv4('127.0.0.2')]);
    await Promise.all(Array.from({ length: 40 }, () => name.getFresh()));
    expect(name.counts).not.toContain(0);
  });
});
