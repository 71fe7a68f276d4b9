import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { connectTo } from '../support/raw-request.ts';
import { startRawUpstream } from '../support/raw-upstream.ts';

function gatewayWith(options: GatewayOptions): Promise<Gateway> {
  return createGateway({ upstreamUrl: 'http://127.0.0.1:1', port: 0, ...options });
}

/** How many of three connections are open, once the others have been closed. */
async function openOfThree(url: string, closed: number): Promise<number> {
  const sockets = await Promise.all([connectTo(url), connectTo(url), connectTo(url)]);
  await expect.poll(() => sockets.filter((socket) => socket.resume().closed)).toHaveLength(closed);
  for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const open = sockets.filter((socket) => !socket.closed);
  await Promise.all(open.map((socket) => once(socket, 'data')));
  for (const socket of sockets) socket.destroy();
  return open.length;
}

describe('listen(gateway) goes by what createGateway was given, and by its own options before that:', () => {
  it('host', async () => {
    await using gateway = await gatewayWith({ host: 'localhost' });
    await using own = await listen(gateway);
    await using other = await listen(gateway, { host: '127.0.0.1' });
    expect(own.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('port', async () => {
    await using gateway = await gatewayWith({});
    await using first = await listen(gateway);
    await using second = await gatewayWith({ port: Number(new URL(first.url).port) });
    await expect(listen(second)).rejects.toThrow('EADDRINUSE');
    await using other = await listen(second, { port: 0 });
    expect(other.url).not.toBe(first.url);
  });

  it('maxConnections', async () => {
    await using gateway = await gatewayWith({ maxConnections: 2 });
    await using own = await listen(gateway);
    await using other = await listen(gateway, { maxConnections: 1 });
    expect(await openOfThree(own.url, 1)).toBe(2);
    expect(await openOfThree(other.url, 2)).toBe(1);
  });

  it.each([
    ['the gateway', { drainTimeoutMs: 100 }, {}],
    ['the options', { drainTimeoutMs: 600_000 }, { drainTimeoutMs: 100 }],
  ])('drainTimeoutMs of %s', async (_name, settings, options) => {
    await using upstream = await startRawUpstream(() => undefined);
    const { baseUrl: upstreamUrl } = upstream;
    await using gateway = await gatewayWith({ upstreamUrl, upstreamTimeoutMs: 600_000, ...settings });
    const listener = await listen(gateway, options);
    const asked = fetch(`${listener.url}/graphql?query={runs{nodes{id}}}`).catch(() => 'cut off');
    await expect.poll(() => upstream.heads.length).toBe(1);
    await listener[Symbol.asyncDispose]();
    expect(await asked).toBe('cut off');
  });

  it.each([
    ['the gateway', { drainGraceMs: 2_000 }, {}],
    ['the options', { drainGraceMs: 0 }, { drainGraceMs: 2_000 }],
  ])('drainGraceMs of %s', async (_name, settings, options) => {
    await using gateway = await gatewayWith(settings);
    const listener = await listen(gateway, options);
    const closed = listener[Symbol.asyncDispose]();
    // Without a grace period, nothing is accepted any more by then.
    await sleep(700);
    expect((await fetch(`${listener.url}/health`)).status).toBe(200);
    await closed;
  });
});

describe('listen(gateway.admin)', () => {
  it('is at adminHost, with the limits of the gateway', async () => {
    await using gateway = await gatewayWith({ adminHost: 'localhost', adminPort: 0, maxConnections: 2 });
    await using admin = await listen(gateway.admin);
    expect(admin.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(await (await fetch(`${admin.url}/metrics`)).text()).toContain('runs_gateway_');
    expect(gateway.admin.maxConnections).toBe(2);
  });

  it('is at the host of the gateway without an adminHost', async () => {
    await using gateway = await gatewayWith({ host: 'localhost', adminPort: 0 });
    await using admin = await listen(gateway.admin);
    expect(admin.url).toMatch(/^http:\/\/localhost:\d+$/);
  });
});
