import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { enterToken, openGraphiql, runOperation } from './graphiql-page.ts';
import { lacksChromium } from './open-page.ts';
import { serveGateway } from './served-gateway.ts';

/** What the answer of each example shows, in an order in which each has to be chosen. */
const SHOWN = { WhyItFailed: '"messageType"', NewestRuns: '"totalDurationNs"', Statistics: '"slowest"' };

/** Opens the tab of an example. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await page.locator('.graphiql-tab-active').getByText(name).waitFor();
  // GraphiQL takes half a second to notice that a tab has another operation.
  await page.waitForTimeout(1000);
}

describe.skipIf(lacksChromium)('GraphiQL in a browser that reaches nothing but loopback', () => {
  it('runs each of its examples over the sample runs, and asks no other server for anything', async () => {
    await using gateway = await createGateway();
    await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
    await using graphiql = await openGraphiql(`${listener.url}/graphql`);
    const { page } = graphiql;
    for (const [name, shown] of Object.entries(SHOWN)) {
      await openTab(page, name);
      const answer = await runOperation(page);
      expect(answer).toContain(shown);
      expect(answer).toContain('"id":"run-');
      expect(answer).not.toContain('"errors"');
    }
    expect(graphiql.otherAddresses).toEqual([]);
    expect(graphiql.complaints).toEqual([]);
    // A second visit finds the tabs as they were.
    await page.reload();
    await page.locator('.graphiql-tab-active').getByText('Statistics').waitFor();
    expect(await runOperation(page)).toContain('"slowest"');
    expect(await page.getByRole('tab').count()).toBe(Object.keys(SHOWN).length + 2);
  }, 60_000);

  it('completes and checks what is typed, by workers that its policy lets run', async () => {
    await using gateway = await createGateway();
    await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
    await using graphiql = await openGraphiql(`${listener.url}/graphql`);
    const { page } = graphiql;
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ runs(first: 1) { nodes { totalD');
    await page.locator('.suggest-widget').getByText('totalDurationNs').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('oesNotExist } } }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    expect(graphiql.complaints).toEqual([]);
  }, 60_000);
});

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running',
  created_at: '2026-01-01T00:00:00Z',
} as const;

it.skipIf(lacksChromium)(
  'GraphiQL of a locked gateway takes a token as a header, forgets it, and shows events as they come until it is stopped',
  async () => {
    await using test = await serveGateway({ runs: [RUN], config: { accessTokens: ['sesame'] } });
    await using graphiql = await openGraphiql(test.graphql);
    const { page } = graphiql;
    const answer = page.locator('.graphiql-response');
    await answer.getByText('An access token is required').waitFor();
    await openTab(page, 'LiveRuns');
    await enterToken(page, 'sesame');
    await page.getByRole('button', { name: /^execute query/i }).click();
    await expect.poll(test.metrics).toContain('runs_gateway_subscriptions 1');
    // The first poll tells what is there.
    await test.polled();

    test.store.update(RUN.id, { status: 'completed', stop_reason: 'end_turn' });
    await answer.getByText('"UPDATED"').waitFor();
    await answer.getByText('"COMPLETED"').waitFor();
    test.store.insert([{ ...RUN, id: RUN.id.replace(/1$/, '2'), created_at: '2026-01-01T00:00:01Z' }]);
    await answer.getByText('"ADDED"').waitFor();

    await page.getByRole('button', { name: /^stop query/i }).click();
    await expect.poll(test.metrics).toContain('runs_gateway_subscriptions 0');
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain('sesame');
    expect(graphiql.complaints.filter((text) => !text.includes('401'))).toEqual([]);
    expect(graphiql.otherAddresses).toEqual([]);
  },
  60_000,
);
