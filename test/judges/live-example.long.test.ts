import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createPageServer } from '../../examples/live/main.ts';
import { run, runId, SOME_RUNS, startExplorer } from './open-explorer.ts';
import { lacksChromium, openPage } from './open-page.ts';

/** The page over a gateway that can be restarted, over runs that others change. */
async function start() {
  await using starting = new AsyncDisposableStack();
  const gateway = starting.use(
    await startExplorer({ config: { accessTokens: ['sesame'] }, runs: SOME_RUNS().slice(0, 3) }),
  );
  const pages = starting.use(createPageServer({ gatewayUrl: gateway.url, token: 'sesame' }));
  await new Promise<void>((resolve) => void pages.listen(0, '127.0.0.1', resolve));
  starting.defer(() => pages.closeAllConnections());
  const { port } = pages.address() as AddressInfo;
  const parts = starting.move();
  return { ...gateway, page: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Polls come every second. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read);

describe.skipIf(lacksChromium)('The page of examples/live', () => {
  it('shows runs as they change, also when the gateway was restarted, and older ones', async () => {
    await using server = await start();
    server.store.insert(
      Array.from({ length: 60 }, (_, index) => run(100 + index, 90_000, { status: 'failed' })),
    );
    await using opened = await openPage(server.page, { width: 390, colorScheme: 'dark' });
    const { page } = opened;
    const statusOf = (number: number) => page.locator(`[data-id="${runId(number)}"] .status`);
    await page.getByText('Live', { exact: true }).waitFor();
    await eventually(() => page.locator('.run').count()).toBe(50);
    await server.polled();
    server.store.insert([run(8, 0)]);
    await statusOf(8).waitFor();
    expect(await page.locator('.run').first().getAttribute('data-id')).toBe(runId(8));
    // What waits for approval is COMPLETED in the API, and has not ended.
    server.store.update(runId(8), { status: 'completed', stop_reason: 'requires_approval' });
    await eventually(() => statusOf(8).textContent()).toBe('waits for approval');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect([opened.complaints, opened.otherAddresses]).toEqual([[], []]);

    await server.stop();
    await page.getByText('A proxy answered with status 502').waitFor();
    server.store.update(runId(2), { status: 'cancelled' });
    server.store.insert([run(9, 0)]);
    await server.start();
    await statusOf(9).waitFor();
    await eventually(() => statusOf(2).textContent()).toBe('cancelled');
    await page.getByRole('button', { name: 'Show older runs' }).click();
    await eventually(() => page.locator('.run').count()).toBe(65);
  });

  it('cancels a run by the keyboard alone', async () => {
    await using server = await start();
    await using opened = await openPage(server.page);
    const row = opened.page.locator(`[data-id="${runId(2)}"]`);
    await row.locator('.cancel').focus();
    await opened.page.keyboard.press('Enter');
    await eventually(() => row.locator('.status').textContent()).toBe('cancelled');
    expect(await row.locator('.cancel').isVisible()).toBe(false);
    expect(await row.evaluate((item) => item === document.activeElement)).toBe(true);
    expect(opened.complaints).toEqual([]);
  });
});
