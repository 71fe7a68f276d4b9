import { describe, expect, it } from 'vitest';
import { createApi } from '../../embedded-api/routes/api.ts';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { clockOfDistinctTimes, embeddedWorkshop } from '../contract/workshop.ts';
import { lacksChromium, openPage, type PageOptions, violationsIn } from './open-page.ts';
import { serveGateway } from './served-gateway.ts';

const HOSTILE = '<img src=x onerror="document.title=1"> \u202Egpj.exe';

interface Options extends PageOptions {
  readonly calls?: string;
  readonly config?: GatewayOptions;
}

/** The list of what waits in a browser, where a run of the agent "tried" has paused for some calls. */
async function open({ calls = 'danger', config = {}, ...options }: Options = {}) {
  await using starting = new AsyncDisposableStack();
  const server = starting.use(await serveGateway({ config }));
  const { store } = server;
  const shop = embeddedWorkshop(store, () => undefined);
  const agent = await shop.makeAgent();
  const body = JSON.stringify({ messages: [{ role: 'user', content: `call=${calls}` }] });
  const request = { method: 'POST', path: `/v1/agents/${agent}/messages/async`, headers: {}, body };
  const api = createApi({ store, now: clockOfDistinctTimes() });
  const { id } = JSON.parse(api({ ...request, query: new URLSearchParams() }).body) as { id: string };
  /** A run of another conversation. */
  const running = `run-${crypto.randomUUID()}`;
  const conversation_id = await shop.makeConversation(agent);
  const made = { agent_id: agent, conversation_id, status: 'running', created_at: new Date().toISOString() };
  store.insert([{ ...made, id: running }]);
  const opened = starting.use(await openPage(`${server.url}/?status=WAITING`, options));
  const parts = starting.move();
  const panel = opened.page.getByRole('region', { name: 'Approval' });
  const says = (text: string | RegExp) => panel.getByText(text).waitFor();
  const goTo = (run: string) => opened.page.goto(`${server.url}/runs/${run}`);
  const row = (run: string) => opened.page.locator(`[data-id="${run}"]`);
  const dispose = { [Symbol.asyncDispose]: () => parts.disposeAsync() };
  return { ...opened, server, id, running, panel, says, goTo, row, ...dispose };
}

describe.skipIf(lacksChromium)('What waits for a person', () => {
  it.each([
    [1300, 'light'],
    [320, 'dark'],
  ] as const)('is listed, and approved, %i pixels wide and %s', async (width, colorScheme) => {
    await using opened = await open({ width, colorScheme });
    const { page, id, panel, says, row } = opened;
    await row(id).getByText('danger({"x":"v0"})').waitFor();
    await page.getByRole('link', { name: 'Needs approval 1' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await row(id).getByRole('link').click();
    await panel.getByRole('button', { name: 'Deny' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    // In a field of one line, Enter would approve.
    await panel.getByLabel('Reason').press('Enter');
    await panel.getByRole('button', { name: 'Approve' }).click();
    await says('The answer was taken.');
    expect(await panel.getByRole('status').evaluate((each) => each === document.activeElement)).toBe(true);
    await says('Paused, and was answered');
    await page.locator('article .state', { hasText: 'Paused' }).waitFor();
    await panel.getByRole('status').getByRole('link').click();
    await page.locator('.facts', { hasText: `Turn${id.slice(0, 12)}this run` }).waitFor();
    await page.getByText('did danger').first().waitFor();
    expect(opened.complaints).toEqual([]);
  });

  it('is decided call by call, with reasons that are nothing but text', async () => {
    await using opened = await open({ calls: 'danger,danger' });
    const { panel, says, goTo, id } = opened;
    await goTo(id);
    await panel.getByLabel('Decision').first().selectOption('Approve');
    await panel.getByLabel('Reason').nth(1).fill(HOSTILE);
    // By keys that go to other runs where no text is typed.
    await panel.getByLabel('Reason').first().pressSequentially('just ok');
    const send = panel.getByRole('button', { name: 'Send 2 decisions' });
    // Each call needs a decision.
    await send.click();
    expect(
      await panel
        .getByLabel('Decision')
        .nth(1)
        .evaluate((each) => each.matches(':focus:invalid')),
    ).toBe(true);
    await panel.getByLabel('Decision').nth(1).selectOption('Deny');
    await send.click();
    await says('Paused, and was answered');
    const decided = panel.locator('fieldset');
    await decided.nth(0).getByText('Approved').waitFor();
    await decided.nth(1).getByText('Denied').waitFor();
    await decided.nth(1).getByText('<img src=x onerror="document.title=1"> \\u202egpj.exe').waitFor();
  });

  it('is told from what a client has to answer, and from what has become of it', async () => {
    await using opened = await open({ calls: 'browse' });
    const { page, panel, says, goTo, server, id } = opened;
    await page.getByText('Nothing needs approval.').waitFor();
    await goTo(id);
    await says('Waits for its client');
    expect(await panel.getByRole('button').count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel tried' }).click();
    await page.getByText('This denies what tried').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await says('Denied by a cancel');
    await page.locator('article .state', { hasText: 'Cancelled' }).waitFor();
    expect(server.store.find(id)?.status).toBe('cancelled');
  });

  it('is shown without buttons to those who may not write', async () => {
    await using opened = await open({ config: { readOnlyAccessTokens: ['sesame'] } });
    const { page, panel, says, row, goTo, id, running } = opened;
    await page.getByLabel('access token').fill('sesame');
    await page.keyboard.press('Enter');
    await row(id).getByRole('link').click();
    await says(/read-only/);
    expect(await panel.getByRole('button').count()).toBe(0);
    await goTo(running);
    await page.locator('.facts').getByText('Running for').waitFor();
    expect(await page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
  });

  it('is named before another run is cancelled, and denied only if that is said', async () => {
    await using opened = await open();
    const { page, server, goTo, id, running } = opened;
    await goTo(running);
    const cancel = page.getByRole('button', { name: 'Cancel tried' });
    const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
    await cancel.click();
    await dialog.getByText('danger({"x":"v0"})').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    expect(await cancel.evaluate((button) => button === document.activeElement)).toBe(true);
    // The request may come after the dialog has opened.
    const none = { data: { pendingApprovals: { nodes: [], isComplete: true } } };
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('pendingApprovals')
        ? route.fulfill({ json: none })
        : route.fallback(),
    );
    await cancel.click();
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    await page
      .getByRole('alert')
      .getByRole('link', { name: id.slice(0, 12) })
      .waitFor();
    expect(server.store.find(running)?.status).toBe('running');
    await page.unroute('**/graphql');
    await cancel.click();
    await dialog.getByRole('button', { name: 'Cancel it, and deny that request' }).click();
    await page.locator('article .state', { hasText: 'Cancelled' }).waitFor();
    await goTo(id);
    await opened.says('Denied by a cancel');
  });
});
