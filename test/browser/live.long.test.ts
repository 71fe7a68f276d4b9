import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { itemOf } from '../../embedded-api/model/items.ts';
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
    const countOf = (status: string) => page.locator(`[data-filter=${status}] .count`).textContent();
    await page.evaluate(() => Object.assign(window, { isStillThere: true }));
    await page.getByText('Live', { exact: true }).waitFor();
    await statusOf(3).waitFor();
    // The list is read again, after the gateway's first poll.
    await page.waitForTimeout(3500);
    expect(await page.locator('.run').count()).toBe(3);

    server.store.insert([run(4, 0)]);
    await statusOf(4).waitFor();
    expect(await page.locator('.run').first().getAttribute('data-id')).toBe(id(4));
    expect([await countOf('RUNNING'), await statusOf(4).textContent()]).toEqual(['2', 'running']);
    // Older than the newest one.
    server.store.insert([run(5, 5)]);
    await statusOf(5).waitFor();
    const order = await page
      .locator('.run')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')));
    expect(order).toEqual([4, 5, 3, 2, 1].map(id));
    server.store.update(id(4), { status: 'failed', stop_reason: 'max_steps' });
    await eventually(() => statusOf(4).textContent()).toBe('failed');
    await page.getByText('max steps').waitFor();
    expect([await countOf('RUNNING'), await countOf('FAILED')]).toEqual(['2', '2']);

    await page
      .getByRole('button', { name: /failed/, pressed: false })
      .first()
      .click();
    expect(await page.locator('.run:visible').count()).toBe(2);
    await page.getByRole('button', { name: /failed/, pressed: true }).click();
    expect(await page.locator('.run:visible').count()).toBe(5);

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await page.evaluate(() => 'isStillThere' in window)).toBe(true);
    expect(opened.complaints).toEqual([]);
    expect(opened.otherAddresses).toEqual([]);
  });

  it('cancels a run, by the keyboard alone, and shows its messages', async () => {
    await using server = await start('sesame');
    const message = {
      id: 'message-00000000-0000-4000-8000-000000000001',
      run_id: id(2),
      created_at: new Date().toISOString(),
      step_id: null,
    };
    const item = itemOf(message, 'user_message', null, { content: 'Where is my parcel?' });
    server.store.messages.insert([{ ...message, items: [item] }]);
    await using opened = await openPage(server.url, { width: 1280 });
    const { page } = opened;
    const row = page.locator(`[data-id="${id(2)}"]`);
    await row.locator('.open').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Where is my parcel?').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    expect(await row.locator('.open').evaluate((button) => button === document.activeElement)).toBe(true);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await eventually(() => row.locator('.status').textContent()).toBe('cancelled');
    expect(await row.locator('.cancel').isVisible()).toBe(false);
    expect(await row.locator('.open').evaluate((button) => button === document.activeElement)).toBe(true);
    expect(opened.complaints).toEqual([]);
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
    await page.getByText('Connecting again').waitFor();
    server.store.update(id(4), { status: 'completed' });
    server.store.update(id(2), { status: 'cancelled' });
    server.store.insert([run(5, 0)]);
    await server.startGateway();
    await page.getByText('Live', { exact: true }).waitFor();
    await statusOf(5).waitFor();
    await eventually(() => statusOf(4).textContent()).toBe('completed');
    await eventually(() => statusOf(2).textContent()).toBe('cancelled');
    // The browser itself says that a request failed.
    expect(opened.complaints.filter((text) => !text.includes('502 (Bad Gateway)'))).toEqual([]);
  });
});
