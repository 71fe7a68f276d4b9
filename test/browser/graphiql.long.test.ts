import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/http/server/listen.ts';
import { startListening } from '../support/listening-gateway.ts';
import { polled } from '../support/polled.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { enterToken, openGraphiql, runOperation } from './graphiql-page.ts';
import { lacksChromium } from './open-page.ts';

/** What the answer of each example shows, in an order in which each has to be chosen. */
const SHOWN = {
  Backward: 'hasPreviousPage',
  NewestRuns: '"totalDurationNs"',
  WhyItFailed: '"messageType"',
  AgentFailures: '"agent"',
  Statistics: '"slowest"',
  Costs: '"currency"',
};
const EXAMPLES = Object.keys(SHOWN);
/** The example that goes on until it is stopped. */
const SUBSCRIPTION = 'LiveRuns';

/** Opens the tab of an example. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await page.locator('.graphiql-tab-active').getByText(name).waitFor();
  // GraphiQL takes half a second to notice that a tab has another operation.
  await page.waitForTimeout(1000);
}

describe.skipIf(lacksChromium)('GraphiQL in a browser that reaches nothing but loopback', () => {
  it('runs each of its examples over the sample runs, and asks no other server for anything', async () => {
    await using gateway = await startListening();
    await using graphiql = await openGraphiql(`${gateway.url}/graphql`);
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
    await page.locator('.graphiql-tab-active').getByText('Costs').waitFor();
    expect(await runOperation(page)).toContain('"currency"');
    expect(await page.getByRole('tab').count()).toBe(EXAMPLES.length + 2);
  }, 60_000);

  it('shows the docs of the schema, and completes and checks what is typed', async () => {
    await using gateway = await startListening();
    await using graphiql = await openGraphiql(`${gateway.url}/graphql`);
    const { page } = graphiql;
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByText('Runs of AI agents').waitFor();
    const types = await docs.getByRole('link').allTextContents();
    expect(types).toContain('Run');
    expect(types.filter((name) => name.startsWith('_'))).toEqual([]);
    // Behind those of the roots.
    expect(types.slice(3)).toEqual(types.slice(3).toSorted());
    await docs.getByRole('link', { name: 'Query' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('RunConnection').first().waitFor();
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ runs(first: 1) { nodes { totalD');
    await page.locator('.suggest-widget').getByText('totalDurationNs').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('oesNotExist } } }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    expect(graphiql.complaints).toEqual([]);
  }, 60_000);

  it.each([1280, 390])(
    '%i pixels wide has room for its examples and their answers',
    async (width) => {
      await using gateway = await startListening();
      await using graphiql = await openGraphiql(`${gateway.url}/graphql`, { width });
      const { page } = graphiql;
      for (const name of EXAMPLES) {
        await openTab(page, name);
        await runOperation(page);
        for (const part of ['.graphiql-query-editor', '.graphiql-response']) {
          const { cutOff, lines, width: shown } = await page.evaluate(measureEditor, part);
          expect(cutOff, `${name} ${part}`).toEqual([]);
          expect(lines).toBeGreaterThan(5);
          expect(shown).toBeGreaterThan(220);
        }
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      const search = page.locator('.graphiql-doc-explorer-search input');
      const [needed, given] = await search.evaluate((input: HTMLInputElement) => {
        const text = document.createElement('canvas').getContext('2d');
        if (text === null) throw new Error('There is no canvas.');
        const { fontSize, fontFamily } = getComputedStyle(input);
        text.font = `${fontSize} ${fontFamily}`;
        return [text.measureText(input.placeholder).width, input.clientWidth - 4] as const;
      });
      expect(needed).toBeGreaterThan(0);
      expect(given).toBeGreaterThanOrEqual(needed);
      expect(graphiql.complaints).toEqual([]);
    },
    60_000,
  );
});

/** Which lines of an editor end outside of it, how many it shows, and how many pixels wide it is. */
function measureEditor(part: string): {
  readonly cutOff: readonly string[];
  readonly lines: number;
  readonly width: number;
} {
  const editor = document.querySelector(`${part} .monaco-scrollable-element`)?.getBoundingClientRect();
  const lines = [...document.querySelectorAll(`${part} .view-line > span`)];
  const cutOff = lines.filter((line) => line.getBoundingClientRect().right > (editor?.right ?? 0));
  return {
    cutOff: cutOff.map((line) => line.textContent),
    lines: lines.length,
    width: editor?.width ?? 0,
  };
}

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'running',
  created_at: '2026-01-01T00:00:00Z',
} as const;

describe.skipIf(lacksChromium)('The subscription among the examples', () => {
  it.each([
    ['1360 pixels wide', undefined, 1360],
    ['390 pixels wide', undefined, 390],
    ['with an access token', 'sesame', 1360],
  ])(
    '%s shows each event as it comes, until it is stopped',
    async (_how, token, width) => {
      const config = { accessTokens: token === undefined ? [] : [token] };
      await using test = await startTestGateway({ runs: [RUN], config });
      await using listener = await listen(test.gateway, { host: '127.0.0.1', port: 0 });
      const options = { width, ...(token !== undefined && { token }) };
      await using graphiql = await openGraphiql(`${listener.url}/graphql`, options);
      const { page } = graphiql;
      const load = (): Promise<string> => test.gateway.metrics.registry.metrics();
      await openTab(page, SUBSCRIPTION);
      await page.getByRole('button', { name: /^execute query/i }).click();
      await expect.poll(load).toContain('runs_gateway_subscriptions 1');
      // The first poll tells what is there.
      await polled(test);

      const answer = page.locator('.graphiql-response');
      test.store.update(RUN.id, { status: 'completed', stop_reason: 'end_turn' });
      await answer.getByText('"UPDATED"').waitFor();
      await answer.getByText('"COMPLETED"').waitFor();
      test.store.insert([{ ...RUN, id: RUN.id.replace(/1$/, '2'), created_at: '2026-01-01T00:00:01Z' }]);
      await answer.getByText('"ADDED"').waitFor();
      expect((await page.evaluate(measureEditor, '.graphiql-response')).cutOff).toEqual([]);

      await page.getByRole('button', { name: /^stop query/i }).click();
      await expect.poll(load).toContain('runs_gateway_subscriptions 0');
      await page.getByRole('button', { name: /^execute query/i }).waitFor();
      expect(graphiql.complaints).toEqual([]);
      expect(graphiql.otherAddresses).toEqual([]);
    },
    60_000,
  );
});

describe.skipIf(lacksChromium)('GraphiQL of a gateway with access tokens', () => {
  it('asks for one, says that one is wrong, and keeps a right one for its tab', async () => {
    await using gateway = await startListening({ accessTokens: ['sesame', 'barley'] });
    const url = `${gateway.url}/graphql`;
    await using graphiql = await openGraphiql(url, { token: 'sesame' });
    const { page } = graphiql;
    expect(await runOperation(page)).toContain('"id":"run-');
    await page.reload();
    expect(await runOperation(page)).toContain('"id":"run-');

    // As in another tab.
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await page.getByText('This gateway needs an access token').waitFor();
    expect(await page.locator('.graphiql-container').count()).toBe(0);
    for (const wrong of ['no such token', 'ümläut']) {
      await enterToken(page, wrong);
      await page.getByText('does not accept this token').waitFor();
    }
    await enterToken(page, '  barley ');
    expect(await runOperation(page)).toContain('"id":"run-');
    expect(await page.getByText('This gateway needs').isVisible()).toBe(false);
  }, 60_000);
});
