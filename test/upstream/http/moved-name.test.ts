import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createAttempts } from '../../../src/upstream/http/attempt.ts';
import type { Resolve } from '../../../src/upstream/http/lookup.ts';

const MAX_AGE_MS = 200;

/** Servers at these addresses of loopback, with the same port, which say who they are. */
async function startServers(...addresses: string[]) {
  const counts: Record<string, number> = {};
  let port = 0;
  const servers: Server[] = [];
  for (const address of addresses) {
    counts[address] = 0;
    const server = createServer((request, response) => {
      counts[address] = (counts[address] ?? 0) + 1;
      setTimeout(() => response.end('1'), request.url === '/slow' ? 3 * MAX_AGE_MS : 1);
    }).listen(port, address);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  return {
    baseUrl: `http://upstream.test:${port}`,
    counts,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

const ipv4 = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: 4 }));

const open = (baseUrl: string, resolve: Resolve) =>
  createAttempts({ baseUrl, timeoutMs: 10_000, maxBytes: 1_000, resolve, maxAgeMs: MAX_AGE_MS });

const request = (path = '') => ({
  path,
  headers: {},
  read: () => 1,
  signal: new AbortController().signal,
});

describe('Connections to a name', () => {
  it('go to its new address while requests are sent all the time, and none of these fails', async () => {
    await using servers = await startServers('127.0.0.1', '127.0.0.2');
    let address = '127.0.0.1';
    await using attempts = open(servers.baseUrl, async () => ipv4(address));
    const over = new AbortController();
    let sent = 0;
    const client = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await attempts.get(request());
        sent++;
      }
    };
    const clients = Array.from({ length: 8 }, client);
    const slow = attempts.get(request('slow'));
    await expect.poll(() => servers.counts['127.0.0.1'], { timeout: 10_000 }).toBeGreaterThan(50);
    expect(servers.counts['127.0.0.2']).toBe(0);
    address = '127.0.0.2';
    await expect.poll(() => servers.counts['127.0.0.2'], { timeout: 10_000 }).toBeGreaterThan(0);
    await sleep(2 * MAX_AGE_MS);
    const old = servers.counts['127.0.0.1'];
    const before = sent;
    await expect.poll(() => sent, { timeout: 10_000 }).toBeGreaterThan(before + 50);
    over.abort();
    await Promise.all([...clients, slow]);
    expect(servers.counts['127.0.0.1']).toBe(old);
  });

  it('spread over all of its addresses, and pass over one that is down', async () => {
    await using servers = await startServers('127.0.0.1', '127.0.0.2');
    await using attempts = open(servers.baseUrl, async () => ipv4('127.0.0.3', '127.0.0.2', '127.0.0.1'));
    for (let i = 0; i < 12; i++) await Promise.all(Array.from({ length: 8 }, () => attempts.post(posted())));
    expect(servers.counts['127.0.0.1']).toBeGreaterThan(10);
    expect(servers.counts['127.0.0.2']).toBeGreaterThan(10);
  });

  it('take IPv4 where IPv6 is preferred but not served', async () => {
    await using servers = await startServers('127.0.0.1');
    await using attempts = open(servers.baseUrl, async () => [
      { address: '::1', family: 6 },
      ...ipv4('127.0.0.1'),
    ]);
    await attempts.get(request());
    expect(servers.counts['127.0.0.1']).toBe(1);
  });

  it('go to the last known address while the resolver fails or is slow', async () => {
    await using servers = await startServers('127.0.0.1');
    let resolve: Resolve = async () => ipv4('127.0.0.1');
    await using attempts = open(servers.baseUrl, (hostname) => resolve(hostname));
    await attempts.post(posted());
    resolve = () => Promise.reject(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }));
    await attempts.post(posted());
    resolve = () => new Promise(() => undefined);
    await attempts.post(posted());
    expect(servers.counts['127.0.0.1']).toBe(3);
  });

  it('fail once the name is gone', async () => {
    await using servers = await startServers('127.0.0.1');
    let isGone = false;
    await using attempts = open(servers.baseUrl, async () => {
      if (isGone) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      return ipv4('127.0.0.1');
    });
    await attempts.post(posted());
    isGone = true;
    await expect(attempts.post(posted())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

/** A POST, which has a connection of its own. */
function posted() {
  return { ...request(), body: '{}', onSend: () => undefined };
}
