import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createPageServer } from '../../examples/live/main.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { agentsOf } from '../support/agents.ts';
import { lacksChromium, openPage } from './open-page.ts';

const id = (number: number): string => `run-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const AGENT = 'agent-00000000-0000-4000-8000-000000000001';
/** A run, created some seconds ago. */
const run = (number: number, secondsAgo: number, fields = {}) => ({
  id: id(number),
  agent_id: AGENT,
  status: 'running' as const,
  background: true,
  created_at: new Date(Date.now() - secondsAgo * 1000).toISOString(),
  ...fields,
});

/** Polls come every second. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read);

/** The page over a gateway that can be restarted, over runs that others change. */
async function start(token?: string) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  const runs = [
    run(1, 90, { status: 'completed', completed_at: new Date().toISOString() }),
    run(2, 60),
    run(3, 30, { status: 'failed', stop_reason: 'llm_api_error' }),
  ];
  store.insert(runs);
  store.agents.insert(agentsOf(runs));
  const api = starting.use(await startRunsApi({ store, dialect: 'reversed' }));
  const accessTokens = token === undefined ? [] : [token];
  const serve = async (port: number) => {
    const gateway = await createGateway({ upstreamUrl: api.baseUrl, accessTokens });
    const listener = await listen(gateway, { host: '127.0.0.1', port, drainTimeoutMs: 200 });
    return {
      url: listener.url,
      async stop() {
        await listener[Symbol.asyncDispose]();
        await gateway[Symbol.asyncDispose]();
      },
    };
  };
  let served = await serve(0);
  starting.defer(() => served.stop());
  const gatewayUrl = served.url;
  const pages = starting.use(createPageServer({ gatewayUrl, token }));
  await new Promise<void>((resolve) => void pages.listen(0, '127.0.0.1', resolve));
  starting.defer(() => pages.closeAllConnections());
  const { port } = pages.address() as AddressInfo;
  const parts = starting.move();
  return {
    store,
    url: `http://127.0.0.1:${port}/`,
    stopGateway: () => served.stop(),
    async startGateway() {
      served = await serve(Number(new URL(gatewayUrl).port));
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

describe.skipIf(lacksChromium)('The page of examples/live', () => {
  it.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('%i pixels wide and %s, shows runs as they change', async (width, colorScheme) => {
    await using server = await start();
    await using opened = await openPage(server.url, { width, colorScheme });
    const { page } = opened;
    const statusOf = (number: number) => page.locator(`[data-id="${id(number)}"] .status`);
    await page.evaluate(() => Object.assign(window, { isStillThere: true }));
    await page.getByText('Live', { exact: true }).waitFor();
    await statusOf(3).waitFor();
    // The list is read again, after the gateway's first poll.
    await page.waitForTimeout(3500);
    expect(await page.locator('.run').count()).toBe(3);

    server.store.insert([run(4, 0)]);
    await statusOf(4).waitFor();
    expect(await page.locator('.run').first().getAttribute('data-id')).toBe(id(4));
    expect(await statusOf(4).textContent()).toBe('running');
    // Older than the newest one.
    server.store.insert([run(5, 5)]);
    await statusOf(5).waitFor();
    const order = await page
      .locator('.run')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')));
    expect(order).toEqual([4, 5, 3, 2, 1].map(id));
    server.store.update(id(4), { status: 'failed', stop_reason: 'max_steps' });
    await eventually(() => statusOf(4).textContent()).toBe('failed');
    // What waits for approval is COMPLETED in the API, and has not ended.
    const waiting = { stop_reason: 'requires_approval', completed_at: new Date().toISOString() } as const;
    server.store.update(id(5), { status: 'completed', ...waiting });
    await eventually(() => statusOf(5).textContent()).toBe('waits for approval');
    expect(await page.locator(`[data-id="${id(5)}"] .cancel`).isVisible()).toBe(true);
    await eventually(() => page.locator(`[data-id="${id(1)}"] time`).textContent()).toMatch(
      /^ended \d+ s ago$/,
    );

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await page.evaluate(() => 'isStillThere' in window)).toBe(true);
    expect(opened.complaints).toEqual([]);
    expect(opened.otherAddresses).toEqual([]);
  });

  it('cancels a run by the keyboard alone, and takes a notice away that no longer holds', async () => {
    await using server = await start('sesame');
    await using opened = await openPage(server.url, { width: 1280 });
    const { page } = opened;
    const row = page.locator(`[data-id="${id(2)}"]`);
    await row.locator('.cancel').focus();
    await page.keyboard.press('Enter');
    await eventually(() => row.locator('.status').textContent()).toBe('cancelled');
    expect(await row.locator('.cancel').isVisible()).toBe(false);
    expect(await row.evaluate((item) => item === document.activeElement)).toBe(true);
    expect(opened.complaints).toEqual([]);

    server.store.insert([run(4, 0)]);
    await page.locator(`[data-id="${id(4)}"] .cancel`).waitFor();
    await page.route('**/graphql', (route) => route.fulfill({ status: 502 }), { times: 1 });
    await page.locator(`[data-id="${id(4)}"] .cancel`).click();
    await page.getByText('A proxy answered with status 502').waitFor();
    server.store.update(id(4), { status: 'completed' });
    await eventually(() => page.locator('#notice').isVisible()).toBe(false);
  });

  it('shows older runs, a page at a time', async () => {
    await using server = await start();
    server.store.insert(
      Array.from({ length: 60 }, (_, index) => run(100 + index, 1000, { status: 'failed' })),
    );
    await using opened = await openPage(server.url, { width: 1280 });
    const { page } = opened;
    await eventually(() => page.locator('.run').count()).toBe(50);
    await page.waitForTimeout(3500);
    await page.getByRole('button', { name: 'Show older runs' }).click();
    await eventually(() => page.locator('.run').count()).toBe(63);
    expect(await page.getByRole('button', { name: 'Show older runs' }).isVisible()).toBe(false);
  });

  it('goes on when the gateway was restarted, and misses nothing', async () => {
    await using server = await start();
    await using opened = await openPage(server.url, { width: 1280 });
    const { page } = opened;
    const statusOf = (number: number) => page.locator(`[data-id="${id(number)}"] .status`);
    await statusOf(2).waitFor();
    await page.waitForTimeout(3500);
    server.store.insert([run(4, 0)]);
    await statusOf(4).waitFor();
    await server.stopGateway();
    await page.getByText('A proxy answered with status 502').waitFor();
    await page.getByRole('button', { name: 'Retry now' }).waitFor();
    server.store.update(id(4), { status: 'completed' });
    server.store.update(id(2), { status: 'cancelled' });
    server.store.insert([run(5, 0)]);
    await server.startGateway();
    await page.getByText('Live', { exact: true }).waitFor();
    await statusOf(5).waitFor();
    await eventually(() => statusOf(4).textContent()).toBe('completed');
    await eventually(() => statusOf(2).textContent()).toBe('cancelled');
    // The browser itself says that a request failed.
    expect(opened.complaints.filter((text) => !text.startsWith('Failed to load'))).toEqual([]);
  });
});
