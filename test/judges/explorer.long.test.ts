import { createServerAdapter } from '@whatwg-node/server';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/ids.ts';
import { serve } from '../support/serve.ts';
import { AGENTS, openExplorer, openList, run, SOME_RUNS, startExplorer } from './open-explorer.ts';
import { lacksChromium, violationsIn } from './open-page.ts';

const ids = (...numbers: readonly number[]) => numbers.map(runId).toSorted();
const ALL = ids(1, 2, 3, 4, 5, 6, 7);
const eventually = <T>(read: () => Promise<T> | T) => expect.poll(async () => read(), { timeout: 15_000 });

describe.skipIf(lacksChromium)('The explorer', () => {
  it('shows runs as they are created, change and end', async () => {
    const width = 390;
    await using opened = await openExplorer({ width });
    const { page, server, row, statusOf, shownRuns } = opened;
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await shownRuns()).toEqual(ALL);
    expect(await statusOf(6)).toContain('Paused');
    expect(await row(3).textContent()).toContain('LLM API error: Overloaded');
    expect(await row(3).textContent()).not.toContain('line 1');
    expect(await row(2).textContent()).toContain('support desk');
    expect(await row(4).textContent()).toContain('6m 40s');
    await page.evaluate(() => Object.assign(window, { isStillThere: true }));

    server.store.insert([run(9, 0, { status: 'quantum', stop_reason: 'flux_\u202elow' })]);
    await eventually(() => statusOf(9)).toContain('quantum');
    expect(await row(9).textContent()).toContain('Flux \\u202elow');
    server.store.insert([run(8, 0, { status: 'created' })]);
    await eventually(() => statusOf(8)).toContain('Created');
    server.store.update(runId(8), { status: 'running' });
    await eventually(() => statusOf(8)).toContain('Running');
    server.store.update(runId(8), {
      status: 'failed',
      stop_reason: 'max_steps',
      metadata: { error: { detail: 'Too long' } },
    });
    await eventually(() => statusOf(8)).toContain('Failed');
    await eventually(() => row(8).textContent()).toContain('Max steps: Too long');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await page.evaluate(() => 'isStillThere' in window)).toBe(true);
    expect(opened.complaints).toEqual([]);
    expect(opened.otherAddresses).toEqual([]);
  }, 60_000);

  it('keeps filters in the address: back goes back, and a link opened anew shows the same', async () => {
    await using opened = await openExplorer();
    const { page, server, row, shownRuns } = opened;
    await row(7).waitFor();
    const states = page.getByRole('group', { name: 'Status' });
    await states.getByRole('link', { name: 'Needs approval' }).click();
    await page.getByText('Nothing needs approval.').waitFor();
    await states.getByRole('link', { name: 'Completed' }).click();
    await eventually(() => shownRuns()).toEqual(ids(1, 4));
    await states.getByRole('link', { name: 'All' }).click();

    // An agent by its name, by the keyboard alone.
    await page.keyboard.press('/');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('support');
    await eventually(() => page.locator('.panel:popover-open a').allTextContents()).toEqual([
      `support desk ${AGENTS[0]!.id.slice(0, 12)}`,
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => shownRuns()).toEqual(ids(2, 4, 6));
    await page.getByText('Agent support desk').waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByLabel('Metadata').fill('customer=acme');
    await page.getByLabel('Took at least').fill('1m 30s');
    await page.keyboard.press('Enter');
    await eventually(() => shownRuns()).toEqual(ids(4));
    const link = page.url();
    expect(new URL(link).search).toBe(`?agent=${AGENTS[0]!.id}&min=1m+30s&metadata=customer%3Dacme`);
    {
      await using anew = await openList(link);
      await eventually(() => anew.shownRuns()).toEqual(ids(4));
      await anew.page.getByText('Agent support desk').waitFor();
      await anew.page.getByText('Took at least 1m 30s').waitFor();
      expect(anew.complaints).toEqual([]);
    }
    await page.getByRole('button', { name: 'Remove Agent support desk' }).click();
    await page.getByRole('button', { name: 'Remove Took at least 1m 30s' }).click();
    await eventually(() => shownRuns()).toEqual(ids(3, 4));
    await page.goBack();
    await page.goBack();
    await eventually(() => shownRuns()).toEqual(ids(4));
    await page.getByText('Clear filters').click();
    await eventually(() => shownRuns()).toEqual(ALL);

    // A new run shows only where it matches.
    await states.getByRole('link', { name: 'Failed' }).click();
    await eventually(() => shownRuns()).toEqual(ids(3));
    server.store.insert([run(8, 0)]);
    server.store.update(runId(2), { status: 'failed', stop_reason: 'error' });
    await eventually(() => shownRuns()).toEqual(ids(2, 3));
    expect(opened.complaints).toEqual([]);
  }, 60_000);

  it('selects a range of time in a chart, by dragging and by keyboard', async () => {
    const runs = SOME_RUNS();
    await using opened = await openExplorer({ runs });
    const { page, shownRuns } = opened;
    await page.locator('.plot .bars').first().waitFor();
    expect(await page.getByLabel('Numbers: Last 24 hours').textContent()).toContain('Runs7');
    const box = (await page.locator('.plot').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.95, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await eventually(() => new URL(page.url()).search).toMatch(/^\?after=[^&]+&before=[^&]+$/);
    /** The range in the address, in hours, and the runs that were created in it. */
    const chosen = () => {
      const { searchParams } = new URL(page.url());
      const [from = 0, to = 0] = ['after', 'before'].map((name) => Date.parse(searchParams.get(name) ?? ''));
      const inRange = runs.filter(({ created_at: at }) => Date.parse(at) >= from && Date.parse(at) < to);
      return { hours: (to - from) / 3_600_000, runs: inRange.map(({ id }) => id).toSorted() };
    };
    expect(chosen().hours).toBeGreaterThan(10);
    expect(chosen().hours).toBeLessThan(13);
    expect(chosen().runs).toContain(runId(5));
    expect(chosen().runs).not.toContain(runId(7));
    await eventually(() => shownRuns()).toEqual(chosen().runs);
    await page.getByRole('button', { name: /^Remove Since/ }).waitFor();
    await page.goBack();
    await eventually(() => shownRuns()).toEqual(ALL);

    const slider = page.getByRole('slider', { name: /^Runs over time/ });
    await slider.focus();
    await page.keyboard.press('End');
    const chosenText = () => slider.getAttribute('aria-valuetext');
    while (!(await chosenText())?.includes('1 failed')) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await eventually(() => chosen().hours).toBe(1);
    expect(chosen().runs).toContain(runId(3));
    await eventually(() => shownRuns()).toEqual(chosen().runs);
    expect(opened.complaints).toEqual([]);
  }, 60_000);

  it('cancels a run by keyboard, and says what came of it', async () => {
    await using opened = await openExplorer();
    const { page, row, statusOf } = opened;
    await row(7).waitFor();
    expect(await row(1).getByRole('button').count()).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await eventually(() =>
      row(2)
        .locator('a')
        .evaluate((link) => link === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => dialog.count()).toBe(0);
    expect(await statusOf(2)).toContain('Running');
    await row(2)
      .getByRole('button', { name: /^Cancel support desk/ })
      .click();
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    await eventually(() => statusOf(2)).toContain('Cancelled');
    await page.getByText('Cancelled: support desk').waitFor();

    // One that paused has ended.
    expect(await row(6).getByRole('button').count()).toBe(0);

    await page.route('**/graphql', (route) => {
      const isMutation = route.request().postData()?.includes('mutation') === true;
      return isMutation ? route.fulfill({ status: 502, body: 'Bad gateway' }) : route.fallback();
    });
    await row(7).getByRole('button').click();
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'was not cancelled' });
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await eventually(() => alert.count()).toBe(0);
    expect(opened.ownComplaints()).toEqual([]);
  }, 60_000);

  it('cancels the runs that are ticked ten at a time, after it has said what that would do', async () => {
    const runs = Array.from({ length: 14 }, (_, index) => run(2 * index + 1, 100 - index));
    await using opened = await openExplorer({ runs });
    const { page, server, row, statusOf } = opened;
    await row(27).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    for (const number of [25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 1])
      await row(number).getByRole('checkbox').click();
    // The tick of one that has ended can be taken away.
    server.store.update(runId(1), { status: 'completed', stop_reason: 'end_turn' });
    await eventually(() => statusOf(1)).toContain('Completed');
    await row(1).getByRole('checkbox').click();
    expect(await violationsIn(page)).toEqual([]);
    // One that ends before the question is asked.
    server.store.update(runId(5), { status: 'completed', stop_reason: 'end_turn' });
    const sent: number[] = [];
    await page.route('**/graphql', (route) => {
      const { query, variables } = JSON.parse(route.request().postData() ?? '{}');
      if (query.startsWith('mutation')) sent.push(variables.ids.length);
      return route.fallback();
    });
    await page.getByRole('button', { name: 'Cancel 12 runs …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel these runs?' });
    await dialog.getByText('11 runs would be cancelled. 1 run ended already.').waitFor();
    expect(sent).toEqual([]);
    expect(await violationsIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel 11 runs' }).click();
    await dialog.getByText('11 of 11 runs cancelled.').waitFor();
    expect(sent).toEqual([10, 1]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await eventually(() => statusOf(27)).toContain('Cancelled');
    await eventually(() => statusOf(7)).toContain('Cancelled');
    expect(await statusOf(3)).toContain('Running');
    expect(await page.getByRole('checkbox').count()).toBe(1);
    expect(opened.complaints).toEqual([]);
  }, 60_000);

  it('cancels no more of the ticked runs once it is told to stop', async () => {
    const runs = Array.from({ length: 11 }, (_, index) => run(index, 100 - index));
    await using opened = await openExplorer({ runs });
    const { page, row } = opened;
    await row(10).waitFor();
    for (const { id } of runs) await page.locator(`[data-id="${id}"]`).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Cancel 11 runs …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel these runs?' });
    const stopped = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('mutation') === true) await stopped.promise;
      await route.fallback();
    });
    await dialog.getByRole('button', { name: 'Cancel 11 runs' }).click();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    stopped.resolve();
    await dialog.getByText('10 of 11 runs cancelled. 1 run left alone.').waitFor();
    expect(opened.complaints).toEqual([]);
  }, 60_000);

  it('goes on when the gateway is back, and misses nothing', async () => {
    await using opened = await openExplorer();
    const { page, server, row, statusOf } = opened;
    await row(7).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await server.stop();
    await page.getByText('The gateway does not answer.').waitFor();
    await page.getByText(/Next try in \d s/).waitFor();
    await page.getByRole('button', { name: 'Retry now' }).click();
    expect(await violationsIn(page)).toEqual([]);
    server.store.update(runId(2), { status: 'cancelled' });
    server.store.insert([run(8, 0)]);
    await server.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await row(8).waitFor();
    await eventually(() => statusOf(2)).toContain('Cancelled');
    expect(await page.getByText('The gateway does not answer.').count()).toBe(0);
    expect(opened.ownComplaints()).toEqual([]);
  }, 60_000);

  it('asks for an access token, also when the one that it has is taken away', async () => {
    await using opened = await openExplorer({ config: { accessTokens: ['sesame'] } });
    const { page, server, row } = opened;
    await page.getByText('This gateway needs an access token').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    for (const wrong of ['no-such-token', 'ümläut']) {
      await page.getByLabel('access token').fill(wrong);
      await page.keyboard.press('Enter');
      await page.getByText('does not accept this token').waitFor();
    }
    await page.getByLabel('access token').fill('sesame');
    await page.keyboard.press('Enter');
    await row(7).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.reload();
    await row(7).waitFor();
    server.gateway().replaceSecrets({ accessTokens: ['barley'] });
    await page.getByLabel('access token').fill('barley');
    await page.keyboard.press('Enter');
    server.store.insert([run(8, 0)]);
    await row(8).waitFor();
    expect(opened.ownComplaints()).toEqual([]);
  }, 60_000);

  it('works below a path of a proxy, and tells what is the proxy’s from what is the gateway’s', async () => {
    await using server = await startExplorer();
    let isUp = true;
    const proxied = createServerAdapter(async (request) => {
      const path = new URL(request.url).pathname.replace(/^\/letta(?=\/)/, '');
      if (!isUp || !request.url.includes('/letta/'))
        return new Response('<h1>No</h1>', { status: isUp ? 404 : 502 });
      const { method, signal } = request;
      const headers = { ...Object.fromEntries(request.headers), 'accept-encoding': 'identity' };
      const body = method === 'POST' && { body: await request.text() };
      return fetch(server.url + path, { method, headers, signal, ...body });
    });
    await using proxy = await serve(proxied);
    await using opened = await openList(`${proxy.baseUrl}/letta/`);
    const { page, row } = opened;
    await page.getByText('Live', { exact: true }).waitFor();
    await row(3).getByRole('link').click();
    await eventually(() => page.url()).toBe(`${proxy.baseUrl}/letta/runs/${runId(3)}`);
    await page.reload();
    await page.getByText('Overloaded').first().waitFor();
    await page.keyboard.press('Escape');
    await row(7).waitFor();
    expect(opened.complaints).toEqual([]);

    isUp = false;
    proxy.server.closeAllConnections();
    await page.getByText('A proxy answered with status 502').waitFor();
    isUp = true;
    await eventually(() => page.getByText('A proxy answered with status 502').count()).toBe(0);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(opened.ownComplaints()).toEqual([]);
  }, 60_000);

  it('says what to do where there are no runs, none that match, or none that can be read', async () => {
    await using opened = await openExplorer({ runs: [] });
    const { page, server, row } = opened;
    await page.getByText('No runs yet').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.goto(`${server.url}/?status=FAILED`);
    await page.getByText('No runs match these filters').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('main').getByRole('link', { name: 'Clear filters' }).click();
    await page.getByText('No runs yet').waitFor();
    // What came meanwhile is there.
    server.store.insert([run(8, 0)]);
    await row(8).waitFor();
    await page.goto(`${server.url}/?agent=constructor`);
    await page.getByText('Agent constructor').waitFor();
    await page.goto(`${server.url}/?status=NONSENSE`);
    await page.getByText('A filter is invalid').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Clear filters' }).first().click();
    await row(8).waitFor();
    expect(opened.ownComplaints()).toEqual([]);
  }, 60_000);

  it('is accessible to all, and offers no cancelling where nobody can', async () => {
    const width = 390;
    await using opened = await openExplorer({ width });
    const { page, row } = opened;
    await row(7).waitFor();
    await page.locator('.plot .bars').first().waitFor();
    expect(await violationsIn(page)).toEqual([]);
    for (const menu of ['Agent', 'Time', 'More']) {
      await page.getByRole('button', { name: menu }).click();
      await page.locator('.panel:popover-open').waitFor();
      expect(await violationsIn(page), menu).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), menu).toBe(width);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const cancel = row(2).getByRole('button');
    await cancel.click();
    await page.getByRole('dialog').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await cancel.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(opened.complaints).toEqual([]);
    await using other = await openExplorer({ config: { readOnly: true }, colorScheme: 'dark' });
    await other.row(2).waitFor();
    expect(await other.page.locator('.runs').getByRole('button').count()).toBe(0);
    expect(await violationsIn(other.page)).toEqual([]);
  }, 60_000);

  it('shows equal failures as one, and the runs of those that are clicked', async () => {
    const failed = (number: number, stop_reason: string) => {
      const metadata = { error: `No answer after ${number} s` };
      return run(number, 60 * number, { status: 'failed', stop_reason, metadata });
    };
    const runs = [failed(1, 'error'), ...[2, 3, 4].map((n) => failed(n, 'llm_api_error')), run(5, 9)];
    for (const options of [{ width: 390, colorScheme: 'dark' }, {}] as const) {
      await using opened = await openExplorer({ runs, ...options });
      const { page, row, shownRuns } = opened;
      const step = { id: 'step-1', run_id: runId(1), created_at: runs[0]!.created_at, status: 'failed' };
      opened.server.store.steps.insert([{ ...step, tags: [], error_type: 'ToolError' }]);
      await row(5).waitFor();
      await page.getByText('Failures', { exact: true }).click();
      const group = page.getByRole('button', { name: 'LLM API error: No answer after 2 s' });
      await page.getByRole('button', { name: 'ToolError: No answer after 1 s' }).waitFor();
      await group.waitFor();
      expect(await page.locator('.failures li').count()).toBe(2);
      expect(await group.textContent()).toMatch(/^3 runs: /);
      expect((await group.locator('path').getAttribute('d'))?.split('M').length).toBe(1 + 3);
      await group.click();
      await eventually(() => shownRuns()).toEqual([2, 3, 4].map(runId));
      expect(await violationsIn(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.width ?? 1360);
      await page.getByRole('button', { name: 'Show all runs' }).click();
      await eventually(() => shownRuns()).toEqual([1, 2, 3, 4, 5].map(runId));
      expect(opened.complaints).toEqual([]);
    }
  }, 60_000);

  it('reads older runs as one scrolls, up to a thousand', async () => {
    const runs = Array.from({ length: 1100 }, (_, index) => run(index, 10 + index, { status: 'completed' }));
    await using opened = await openExplorer({ runs, config: { scanBudget: 100_000 } });
    const { page } = opened;
    // What failed is read again by hand alone.
    let failures = 0;
    await page.route('**/graphql', (route) => {
      if (!/query ExplorerRuns\b.*"after":"/s.test(route.request().postData() ?? '')) return route.fallback();
      failures += 1;
      return route.fulfill({ json: { errors: [{ message: 'Too busy.' }] } });
    });
    const retry = page.getByRole('button', { name: 'Retry' });
    await page.getByText('Live', { exact: true }).waitFor();
    while (!(await retry.isVisible())) await page.keyboard.press('End');
    await retry.click();
    await eventually(() => failures).toBe(2);
    await page.unroute('**/graphql');
    await retry.click();
    const end = page.getByText('The newest 1,000 runs. Choose a time range to see older ones.');
    while (!(await end.isVisible())) await page.keyboard.press('End');
    expect((await opened.shownRuns()).length).toBe(1000);
    expect(opened.complaints).toEqual([]);
  }, 120_000);
});
