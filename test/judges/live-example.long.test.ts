import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createPageServer } from '../../examples/live/main.ts';
import { runId } from '../support/ids.ts';
import { run, SOME_RUNS, startExplorer } from './open-explorer.ts';
import { lacksChromium, openPage } from './open-page.ts';

it.skipIf(lacksChromium)(
  'The page of examples/live shows runs as they change, also when the gateway was restarted',
  async () => {
    await using gateway = await startExplorer({ config: { accessTokens: ['sesame'] }, runs: SOME_RUNS() });
    const pages = createPageServer(gateway.url, 'sesame').listen(0, '127.0.0.1');
    await once(pages, 'listening');
    await using opened = await openPage(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`, {
      width: 390,
      colorScheme: 'dark',
    });
    const { page } = opened;
    const stateOf = (number: number) =>
      page.locator(`[data-id="${runId(number)}"]`).getAttribute('data-state');
    await page.getByText('Live', { exact: true }).waitFor();
    gateway.store.insert([run(8, 0)]);
    await expect.poll(() => stateOf(8)).toBe('running');
    expect(await page.locator('li').first().getAttribute('data-id')).toBe(runId(8));
    // What paused for an approval is COMPLETED in the API.
    gateway.store.update(runId(8), { status: 'completed', stop_reason: 'requires_approval' });
    await expect.poll(() => stateOf(8)).toBe('paused for approval');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect([opened.complaints, opened.otherAddresses]).toEqual([[], []]);

    await gateway.stop();
    await page.getByText('A proxy answered with status 502').waitFor();
    gateway.store.update(runId(2), { status: 'cancelled' });
    gateway.store.insert([run(9, 0)]);
    await gateway.start();
    await expect.poll(() => stateOf(9)).toBe('running');
    await expect.poll(() => stateOf(2)).toBe('cancelled');
    expect(await page.locator('li').count()).toBe(9);
    pages.closeAllConnections();
    pages.close();
  },
);
